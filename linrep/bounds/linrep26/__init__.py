"""Our own theorems: class-aware guarantees, vacuity thresholds, explicit constants for published forms."""

from linrep.bounds.linrep26._class_aware import HEAD_BOUND as HEAD_BOUND
from linrep.bounds.linrep26._class_aware import HYPERCUBE as HYPERCUBE
from linrep.bounds.linrep26._class_aware import RISK_GAP_AUGMENTED as RISK_GAP_AUGMENTED
from linrep.bounds.linrep26._class_aware import RISK_GAP_MEAN as RISK_GAP_MEAN
from linrep.bounds.linrep26._class_aware import SUBOPTIMAL_AUGMENTED as SUBOPTIMAL_AUGMENTED
from linrep.bounds.linrep26._class_aware import SUBOPTIMAL_MEAN as SUBOPTIMAL_MEAN
from linrep.bounds.linrep26._classification import MARGIN_AUGMENTED as MARGIN_AUGMENTED
from linrep.bounds.linrep26._classification import MARGIN_MEAN as MARGIN_MEAN
from linrep.bounds.linrep26._classification import SHARPENED_45 as SHARPENED_45
from linrep.bounds.linrep26._classification import SHARPENED_45_CLASSES as SHARPENED_45_CLASSES
from linrep.bounds.linrep26._graph import HAOCHEN_CLASS_MEAN as HAOCHEN_CLASS_MEAN
from linrep.bounds.linrep26._graph import HAOCHEN_MEAN as HAOCHEN_MEAN
from linrep.bounds.linrep26._graph import HAOCHEN_REGRESSION as HAOCHEN_REGRESSION
from linrep.bounds.linrep26._graph import HAOCHEN_SINGLE_VIEW as HAOCHEN_SINGLE_VIEW
from linrep.bounds.linrep26._graph import HAOCHEN_VOTE as HAOCHEN_VOTE
from linrep.bounds.linrep26._graph import HEAD_NORM_MEAN_VIEWS as HEAD_NORM_MEAN_VIEWS
from linrep.bounds.linrep26._graph import HEAD_NORM_ONE_VIEW as HEAD_NORM_ONE_VIEW
from linrep.bounds.linrep26._vacuity import NEAR_DISJOINT_CEILING as NEAR_DISJOINT_CEILING
from linrep.bounds.linrep26._vacuity import NEAR_DISJOINT_COLLISION as NEAR_DISJOINT_COLLISION
from linrep.bounds.linrep26._vacuity import NEAR_DISJOINT_IDENTIFICATION as NEAR_DISJOINT_IDENTIFICATION
from linrep.bounds.linrep26._vacuity import NEAR_DISJOINT_SQUARED as NEAR_DISJOINT_SQUARED
from linrep.bounds.linrep26._vacuity import VACUITY_THRESHOLD as VACUITY_THRESHOLD
