"""Pictures of plotly's figures, by the chromium that is installed: plotly itself asks for kaleido."""

from __future__ import annotations

import json
import shutil
from base64 import b64decode
from io import BytesIO
from types import TracebackType
from typing import Any
from urllib.parse import unquote

from PIL import Image
from playwright.sync_api import sync_playwright
from plotly.offline import get_plotlyjs

COLOURS = 48
WIDTH = 760  # pixels, of a cell of a notebook
SHOOT = """([data, layout, width, format]) => Plotly.toImage(
    {data, layout: {...layout, width}}, {format, width, height: layout.height || 450})"""


class Camera:
    """Within `with`: a browser that draws figures. Raises `RuntimeError` where none is installed."""

    def __enter__(self) -> Camera:
        chromium = shutil.which("chromium")
        if chromium is None:
            raise RuntimeError("the figures of notebooks are drawn by chromium: apt install chromium")
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        self._tab = self._browser.new_page()
        self._tab.add_script_tag(content=get_plotlyjs())
        return self

    def shot(self, figure: dict[str, Any]) -> bytes:
        """A PNG of a figure, as JSON has it."""
        return small(b64decode(self._image(figure, "png")))

    def drawing(self, figure: dict[str, Any]) -> str:
        """The same as SVG."""
        return unquote(self._image(figure, "svg")) + "\n"

    def _image(self, figure: dict[str, Any], kind: str) -> str:
        plain = json.loads(json.dumps(figure))
        address: str = self._tab.evaluate(SHOOT, [plain["data"], plain["layout"], WIDTH, kind])
        return address.partition(",")[2]

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._browser.close()
        self._playwright.stop()


def small(picture: bytes) -> bytes:
    """The same PNG in as many colours as a figure needs."""
    packed = BytesIO()
    Image.open(BytesIO(picture)).convert("RGB").quantize(COLOURS).save(packed, "PNG", optimize=True)
    return packed.getvalue()
