"""The module `dataclasses`, without `inspect`, which alone costs a fifth of the start of a child.

It is there for the docstring of a dataclass that has none, which `@message` writes itself.
"""
from __future__ import annotations

import sys
from types import ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict


class _Late(ModuleType):
    """Stands for `inspect` in `dataclasses`; whatever else is asked for comes from the real one, which it imports."""

    @staticmethod
    def get_annotations(cls: type) -> Dict[str, Any]:
        """Returns those of the class itself, as they stand there."""
        return dict(cls.__dict__.get("__annotations__") or {})

    def __getattr__(self, name: str) -> Any:
        _step_aside(self)
        import inspect

        return getattr(inspect, name)


def _step_aside(late: ModuleType) -> None:
    if sys.modules.get("inspect") is late:
        del sys.modules["inspect"]


if "dataclasses" in sys.modules or "inspect" in sys.modules or sys.version_info >= (3, 14):
    import dataclasses as dataclasses
else:
    # For the time of this import alone: nobody else is to see it.
    _late = sys.modules["inspect"] = _Late("inspect")
    try:
        import dataclasses as dataclasses
    finally:
        _step_aside(_late)
