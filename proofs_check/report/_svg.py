"""Saved SVG pictures made fit to stand in a page."""

import re
import xml.etree.ElementTree as ET

from markupsafe import Markup

from linrep._checks import InputError, require

SVG, LINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_REFERENCE = re.compile(r"url\(#([^)]+)\)")


def inline(content: str, name: str, title: str) -> Markup:
    """The picture as an element: without prolog and metadata, named, its identifiers made unique in the page.

    Args:
        content: text of an SVG file written by this project.
        name: what the identifiers begin with.
        title: the alternative text.

    Raises:
        InputError: text that is not SVG, or SVG that runs scripts.

    Source: ours.

    >>> str(inline('<svg xmlns="http://www.w3.org/2000/svg"><g id="a"/></svg>', "p", "words")).count('id="p-a"')
    1
    """
    ET.register_namespace("", SVG)
    ET.register_namespace("xlink", LINK)
    try:
        root = ET.fromstring(content)
    except ET.ParseError as error:
        raise InputError(f"report: the picture {name}.svg is not SVG ({error}); remove it.") from error
    scripts = [element.tag for element in root.iter() if element.tag == f"{{{SVG}}}script"]
    require(not scripts, f"report: the picture {name}.svg holds a script, but pictures only show; remove it.")
    for odd in [child for child in root if child.tag == f"{{{SVG}}}metadata"]:
        root.remove(odd)
    seen: set[str] = set()
    for element in root.iter():
        _rename(element, name, seen)
    for size in ("width", "height"):
        root.attrib.pop(size, None)
    root.set("role", "img")
    root.set("aria-label", title)
    return Markup(ET.tostring(root, encoding="unicode"))


def _rename(element: ET.Element, name: str, seen: set[str]) -> None:
    """Identifiers get the name in front; the marks of drawn elements may recur in a picture, and then only the first
    keeps one, as references mean it."""
    if "id" in element.attrib:
        own = element.attrib.pop("id")
        if own not in seen:
            element.set("id", f"{name}-{own}")
        seen.add(own)
    for key, value in list(element.attrib.items()):
        if key == f"{{{LINK}}}href" and value.startswith("#"):
            element.set(key, f"#{name}-{value[1:]}")
        elif "url(#" in value:
            element.set(key, _REFERENCE.sub(rf"url(#{name}-\1)", value))
