"""Importing distilabel without every provider and step it knows, and openai without every type.

Their packages import all of their modules, and with them the clients of ten providers: over a second before a run's
first call. A package named here is imported in full only when something asks it for a name that is not one of its
modules. Datasets, another second, is for two functions that a run does not call.
"""

import importlib
import sys
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

_PACKAGES = (
    "openai.types",  # 400 models of pydantic's; replies are read as they come
    "openai.types.chat",
    "openai.types.responses",
    "distilabel.models",
    "distilabel.models.llms",
    "distilabel.models.embeddings",
    "distilabel.models.image_generation",
    "distilabel.steps",
    "distilabel.steps.tasks",
    "distilabel.pipeline",
)
_FUNCTIONS = (
    ("distilabel.distiset", "create_distiset"),
    ("distilabel.steps.generators.utils", "make_generator_step"),
)


class _Postponed(ModuleType):
    """A package that runs its `__init__` when a name of that is asked for."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if find_spec(f"{self.__name__}.{name}"):
            return importlib.import_module(f"{self.__name__}.{name}")
        self.__class__ = ModuleType  # type: ignore[assignment]
        assert self.__spec__ is not None
        assert self.__spec__.loader is not None
        self.__spec__.loader.exec_module(self)
        return getattr(self, name)


class _PostponedModule(ModuleType):
    """A module that is imported when its one `function` is called, or when anything else of it is asked for."""

    def __init__(self, name: str, function: str) -> None:
        super().__init__(name)

        def called(*args: Any, **kwargs: Any) -> Any:
            return getattr(self._whole(), function)(*args, **kwargs)

        setattr(self, function, called)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self._whole(), name)

    def _whole(self) -> ModuleType:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return importlib.import_module(self.__name__)


def postpone() -> None:
    """Before the first import of distilabel, and only in a process of our own: others may expect the whole of it."""
    for name in _PACKAGES:
        spec = _spec(name)
        package = _Postponed(name)
        package.__spec__, package.__package__, package.__file__ = spec, name, spec.origin
        package.__path__ = spec.submodule_search_locations or []
        sys.modules[name] = package
    importlib.import_module("distilabel")
    for module, name in _FUNCTIONS:
        sys.modules[module] = _PostponedModule(module, name)
    for name in _PACKAGES:
        parent, _, leaf = name.rpartition(".")
        if parent in sys.modules:
            setattr(sys.modules[parent], leaf, sys.modules[name])


def _spec(name: str) -> ModuleSpec:
    """As `find_spec` has it, which would import the package that this one is in."""
    top, *inner = name.split(".")
    found = find_spec(top)
    assert found is not None, f"{top} is not installed"
    folder = Path((found.submodule_search_locations or [""])[0], *inner)
    spec = spec_from_file_location(name, folder / "__init__.py", submodule_search_locations=[str(folder)])
    assert spec is not None
    return spec
