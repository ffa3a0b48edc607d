"""Augmentation processes: who is a positive pair of whom."""

from linrep.processes._abstract import AbstractProcess as AbstractProcess
from linrep.processes._circle import Circle as Circle
from linrep.processes._clusters import Clusters as Clusters
from linrep.processes._combine import mixture as mixture
from linrep.processes._combine import product as product
from linrep.processes._combine import relabel as relabel
from linrep.processes._combine import split_view as split_view
from linrep.processes._data import AbstractData as AbstractData
from linrep.processes._finite import FiniteProcess as FiniteProcess
from linrep.processes._flip import HypercubeFlip as HypercubeFlip
from linrep.processes._gaussian import GaussianNoise as GaussianNoise
from linrep.processes._hypercube import HypercubeScaling as HypercubeScaling
from linrep.processes._images import ImageShifts as ImageShifts
from linrep.processes._images import PixelDropout as PixelDropout
from linrep.processes._images import PixelNoise as PixelNoise
from linrep.processes._latent import LatentClasses as LatentClasses
from linrep.processes._laws import AbstractLaw as AbstractLaw
from linrep.processes._laws import Beta as Beta
from linrep.processes._laws import Discrete as Discrete
from linrep.processes._laws import Uniform as Uniform
from linrep.processes._product import ProductProcess as ProductProcess
from linrep.processes._random import random_process as random_process
from linrep.processes._tabulated import AbstractTabulated as AbstractTabulated
from linrep.processes._tokens import TokenDropping as TokenDropping
from linrep.processes._tokens import TokenSampling as TokenSampling
from linrep.processes._weights import ExactWeights as ExactWeights
