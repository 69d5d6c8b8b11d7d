"""The pages as a format of nbconvert: "Save and Export Notebook As" in JupyterLab offers it.

The page is that of the set without what the set adds: its menu, its other languages, the run.
"""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import Exporter
from traitlets import default

from forecast.evidence.problems import UserError
from forecast.report.contents import tasks
from forecast.report.execution.tasks import declared_parameters
from forecast.report.html import to_html
from forecast.report.language import LANGUAGES
from forecast.report.request.options import Request
from forecast.study import open_study


class PageExporter(Exporter):
    """Turns an executed notebook into its page, as ``forecast report`` does."""

    export_from_notebook = "Forecast page (HTML)"
    output_mimetype = "text/html"

    @default("file_extension")
    def _html(self) -> str:
        return ".html"

    def from_notebook_node(
        self, nb: Any, resources: Any = None, **kw: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Return the page, and the resources as nbconvert has filled them."""
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        given = given_parameters(nb)
        lang = str(given.get("lang", "en"))
        lang = lang if lang in LANGUAGES else "en"
        name = str(resources.get("metadata", {}).get("name", ""))
        return to_html(nb, title=page_title(given, lang) or name, lang=lang), resources


def given_parameters(nb: Any) -> dict[str, Any]:
    """Return the parameters that a notebook was run with, its defaults included."""
    declared = {p.name: p.value for p in declared_parameters(nb)}
    return {**declared, **nb.metadata.get("papermill", {}).get("parameters", {})}


def page_title(given: dict[str, Any], lang: str) -> str:
    """Return the title that a set gives the page of a notebook; empty where a set has none."""
    try:
        study = open_study(given.get("data"), given.get("as_of"))
        plan = study.plan(str(given.get("plan", "")))
        pages = tasks(study, Request(plan=plan, data=study.evidence.root, langs=(lang,)))
    except UserError:  # data that have gone, say: what was computed is in the notebook
        return ""
    own = str(study.evidence.plan(plan)["region"])
    asked = {**given, "plan": plan, "region": given.get("region") or own}
    names = ("target", "indicator", "region", "figures", "scenario", "names", "plan")
    fitting = [
        page
        for page in pages
        if all(asked.get(n) == v for n, v in page.parameters.items() if n in names)
        and set(page.parameters) <= set(given)
    ]
    # The page of an overview has no parameter that those of others lack: the most particular one.
    found = max(fitting, key=lambda page: len(page.parameters), default=None)
    particular = {"target", "indicator", "scenario"} & set(given)
    return found.title if found and particular <= set(found.parameters) else ""
