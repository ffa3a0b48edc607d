"""Sweeps: a grid of problems on a pool of processes or on Dask, with a journal that a stopped run goes on from."""

from proofs_check.sweep._engines import dask as dask
from proofs_check.sweep._engines import pool as pool
from proofs_check.sweep._journal import Journal as Journal
from proofs_check.sweep._run import Swept as Swept
from proofs_check.sweep._run import sweep as sweep
from proofs_check.sweep._spec import Spec as Spec
from proofs_check.sweep._spec import read as read
from proofs_check.sweep._spec import understood as understood
from proofs_check.sweep._tasks import Task as Task
