"""Programs that the system has to bring: installed when root, named when not."""

import os
import shutil
from dataclasses import dataclass

from . import debian, process
from .console import say


@dataclass(frozen=True)
class Tool:
    """A program or font that some tests or screens need."""

    name: str
    package: str
    purpose: str
    #: names that it may have on the PATH; none for a font
    commands: tuple = ()

    def is_present(self):
        if self.commands:
            return any(shutil.which(command) for command in self.commands)
        return bool(process.output_of("fc-list", ":lang=zh-cn", "family"))


CHROMIUM = Tool("Chromium", "chromium", "browser tests", ("chromium", "chromium-browser", "google-chrome"))
WKHTMLTOPDF = Tool("wkhtmltopdf", "wkhtmltopdf", "printed documents", ("wkhtmltopdf",))
CJK_FONTS = Tool("Chinese fonts", "fonts-noto-cjk", "Chinese text on printed documents and screenshots")
LIBREOFFICE = Tool(
    "LibreOffice", "libreoffice-calc", "reckoning the formulas of workbooks anew", ("soffice", "libreoffice")
)
FONTCONFIG = Tool("fontconfig", "fontconfig", "finding fonts", ("fc-list",))

FOR_RUNNING = (FONTCONFIG, WKHTMLTOPDF, CJK_FONTS)
FOR_TESTING = (*FOR_RUNNING, CHROMIUM, LIBREOFFICE)


def can_install():
    return os.geteuid() == 0 and bool(shutil.which("apt-get"))


def install_command(tools):
    return f"apt-get install {' '.join(tool.package for tool in tools)}"


def ensure(tools):
    """Install what is missing where that is allowed; return what is missing still."""
    missing = [tool for tool in tools if not tool.is_present()]
    if missing and can_install():
        names = ", ".join(tool.name for tool in missing)
        debian.install([tool.package for tool in missing], f"Installing {names}")
        missing = [tool for tool in missing if not tool.is_present()]
    return missing


def report(missing):
    """Say what the missing tools are for and what installs them."""
    if not missing:
        return
    for tool in missing:
        say(f"  ! {tool.name} is not installed: {tool.purpose} will be missing.")
    say(f"    An administrator installs it with: {install_command(missing)}")
