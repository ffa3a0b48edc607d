"""What the augmentation process alone determines."""

from linrep.symbols._tokens import scalar

N_INPUTS = scalar("n_inputs", "N", "number of natural inputs", None, 1)
DIM = scalar("dim", "d", "dimension of the representation", None, 1)
RELEVANT = scalar("relevant", "k", "number of coordinates that the augmentation leaves alone", None, 1)
IDENTIFICATION_ERROR = scalar("identification_error", r"\tau", "Bayes error of naming the input from one view", 1)
POSTERIOR_COLLISION = scalar("posterior_collision", r"\theta", "expected sum of the squared posteriors of the input", 1)
COUNTING_FLOOR = scalar(
    "counting_floor", "e(N,d)", "0-1 error that some relabelling of the inputs must suffer, by counting", 1
)
