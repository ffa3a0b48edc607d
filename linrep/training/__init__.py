"""Training of encoders (extra `experiments`), in float32, with a trajectory that a table can hold.

An `Experiment` is six things: `encoder` (key -> network), `data` (key -> what one seed keeps, such as its training
set), `pairs` ((data, key, batch) -> two stacks of views), `loss` (two stacks of representations -> scalar), `adam` and
`measure` ((network, data) -> the named numbers of a row: held-out loss, accuracies). `train` runs it for several seeds
and returns the networks and the trajectory. Nothing here prints; a caller who wants a bar passes `progress`.
"""

from linrep.training._experiment import Adam as Adam
from linrep.training._experiment import Experiment as Experiment
from linrep.training._loop import Run as Run
from linrep.training._loop import select as select
from linrep.training._loop import train as train
from linrep.training._losses import in_batch_infonce as in_batch_infonce
from linrep.training._losses import in_batch_spectral as in_batch_spectral
from linrep.training._losses import unit as unit
from linrep.training._probes import Probed as Probed
from linrep.training._probes import identified as identified
from linrep.training._probes import logistic_accuracy as logistic_accuracy
from linrep.training._probes import probe as probe
