"""``ioc`` as it was one version ago: it knows nothing of the stations, of their topic and of their detectors."""

from dataclasses import replace

from ioc import folds

folds.FOLDS = tuple(fold for fold in folds.FOLDS if fold is not folds.STATION)  # type: ignore[assignment]

import detectors  # noqa: E402  # FOLDS is read by every module that is imported from here on
from ioc.cli import main  # noqa: E402
from streams import topics  # noqa: E402

known = (replace(spec, folds=tuple(each for each in spec.folds if each in folds.FOLDS)) for spec in detectors.ALL)
detectors.ALL = tuple(spec for spec in known if spec.folds)

if __name__ == "__main__":
    assert all("station" not in shape.name for shape in topics.shapes("x"))
    main()
