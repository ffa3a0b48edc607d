"""Function classes that are trained (extra `experiments`): each maps a stack of views to a stack of representations.

Vectors: `Dense`, `MLP`. Images (h, w) or (h, w, c), 8 x 8 by default: `ResNet`, `ViT`, `Mixer`. Token ids, padding
negative: `BagOfWords`, `GRU`, `Transformer`. Each class states its number of entries; within images and within text the
defaults lie within a factor 1.5 of one another. A projection head follows any of them through `Projected`.
"""

from linrep.networks._bag_of_words import BagOfWords as BagOfWords
from linrep.networks._dense import MLP as MLP
from linrep.networks._dense import Dense as Dense
from linrep.networks._dense import Projected as Projected
from linrep.networks._dense import parameter_count as parameter_count
from linrep.networks._gru import GRU as GRU
from linrep.networks._mixer import Mixer as Mixer
from linrep.networks._resnet import ResNet as ResNet
from linrep.networks._transformer import Transformer as Transformer
from linrep.networks._vit import ViT as ViT
