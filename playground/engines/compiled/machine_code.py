"""From the compiler's code to bytes that can be kept, and from such bytes to functions.

The kernels need numba to be compiled, which takes long to import and much memory; to be called they
need LLVM only. So what is kept is an object file, as a linker takes it, for this kind of processor.

Runs on any thread. Imports llvmlite, which takes a tenth of a second.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Mapping, Sequence
from typing import Any, Final

import llvmlite.binding as llvm  # type: ignore[import-untyped]

from playground.engines.compiled.kernel_words import KERNELS, Words

_CALLED: Final = ("exp", "log", "log1p", "sqrt", "memset", "memcpy", "memmove")
"""Functions of C that the code of a kernel may call."""
_LIBRARIES: Final = ("ucrtbase", "msvcrt") if os.name == "nt" else ()

_Function = ctypes.CFUNCTYPE(ctypes.c_int32, *[ctypes.c_void_p] * 4)
"""Where the result and an error would go, which no kernel has, and the words of its arguments."""
_AT = ctypes.byref(ctypes.c_void_p())


def processor() -> str:
    """The name of this computer's processor and what it can do, as LLVM knows it."""
    return f"{llvm.get_host_cpu_name()} {llvm.get_host_cpu_features().flatten()}"


def object_of(functions: Mapping[str, tuple[str, str]]) -> bytes:
    """An object file with functions of these names.

    functions  the name of each, with the name that it has in its code and the code, LLVM's
    """
    whole = None
    for name, (own_name, code) in functions.items():
        module = llvm.parse_assembly(code)
        module.get_function(own_name).name = name
        _check_calls(module)
        if whole is None:
            whole = module
        else:
            whole.link_in(module)
    return _machine().emit_object(whole)


def _check_calls(module: Any) -> None:
    """Raises RuntimeError where a kernel calls what may be nowhere when it is loaded."""
    called = {one.name for one in module.functions if one.is_declaration}
    unknown = {name for name in called if not name.startswith("llvm.")} - {*_CALLED}
    if unknown:
        raise RuntimeError(f"A kernel calls {', '.join(sorted(unknown))}.")


def _machine() -> Any:
    """What numba compiles for: this processor, with all that it can do."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_default_triple()
    return target.create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        reloc="static" if target.name.startswith("x86") else "default",
        codemodel="jitdefault",
        jit=True,
    )


class MachineCode:
    """Functions from an object file, which can be called as long as this object is alive."""

    def __init__(self, content: bytes, names: Sequence[str]) -> None:
        """Raises RuntimeError where the file is damaged or lacks one of these functions."""
        _know_functions_of_c()
        self._engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _machine())
        self._engine.add_object_file(llvm.ObjectFileRef.from_data(content))
        self._engine.finalize_object()
        self._functions = {name: self._function(name) for name in names}

    def _function(self, name: str) -> Any:
        address = self._engine.get_function_address(name)
        if not address:
            raise RuntimeError(f"There is no function {name}.")
        return _Function(address)

    def call(self, name: str, bound: Words, *own: Any) -> None:
        """Call a function with words of BOUND and its own arguments, those that KERNELS describes,
        without the interpreter's lock.
        """
        words = Words(name, KERNELS[name], own)
        self._functions[name](_AT, _AT, bound.words, words.words)


def _know_functions_of_c() -> None:
    """Make known what LLVM would not find: a process ends where its code calls what is nowhere."""
    for library in map(ctypes.CDLL, _LIBRARIES):
        for name in _CALLED:
            if llvm.address_of_symbol(name) is None and hasattr(library, name):
                address = ctypes.cast(getattr(library, name), ctypes.c_void_p).value
                llvm.add_symbol(name, address)
