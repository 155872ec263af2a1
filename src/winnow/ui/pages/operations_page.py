"""The bundle in service, how it does, and how good it was found to be; what may be done about it."""

from dataclasses import dataclass, field

from fastapi import Request
from nicegui import ui

from winnow.ui.fault import Fault
from winnow.ui.frame import Frame
from winnow.ui.operations.bundle_panel import BundlePanel
from winnow.ui.operations.live_panel import LivePanel
from winnow.ui.operations.report_panel import report_panel
from winnow.ui.operations.told_bundle import ToldBundle
from winnow.ui.operations.watch import EVERY_S, Watch
from winnow.ui.shelf import title
from winnow.ui.site import Site
from winnow.ui.visit import Visit

PATH = "/operations"
LOOKS = "looks"
"""What the page's script says, with whether the page is in front."""


def add_operations_page(site: Site) -> None:
    """Adds `/operations`."""
    watch = Watch(service=site.service)

    @ui.page(PATH, title=f"Operations - {site.settings.name}", response_timeout=30)
    async def page(request: Request) -> None:
        pairs = request.query_params.multi_items()
        with Frame(site=site, visit=Visit.read(pairs), here=PATH, taken=_taken, said=pairs):
            await OperationsPage(site, watch).open()


@dataclass(slots=True)
class OperationsPage:
    """One open page.

    Attributes:
        site: of all pages.
        watch: of all pages of this kind.
    """

    site: Site
    watch: Watch
    _bundle: BundlePanel = field(init=False)
    _live: LivePanel = field(default_factory=LivePanel, init=False)
    _report: ui.element = field(init=False)
    _digest: str | None = field(default=None, init=False)

    async def open(self) -> None:
        """Draws it, and goes on to look while it is looked at."""
        title("Operations", level=1)
        self._bundle = BundlePanel(site=self.site, moved=self._show_bundle)
        self._bundle.draw()
        self._live.draw()
        self._report = ui.element("div")
        await self._look()
        timer = ui.timer(EVERY_S, self._look, immediate=False)
        ui.on(LOOKS, lambda event: timer.activate() if event.args else timer.deactivate())

    async def _look(self) -> None:
        looked = await self.watch.look()
        self._live.show(looked)
        serving = "" if isinstance(looked, Fault) else looked[-1].label("winnow_bundle_info", "digest")
        if self._digest is None or serving not in {"", self._digest}:
            await self._show_bundle()

    async def _show_bundle(self) -> None:
        ready = await self.site.service.ask(lambda client: client.ready())
        if isinstance(ready, Fault):
            return  # the figures say so already, and what was shown stays
        self._digest = ready["digest"]
        status = await self.site.service.manage(lambda client: client.bundles())
        report = await self.site.service.manage(lambda client: client.report())
        known = ToldBundle(name=ready["bundle"], digest=ready["digest"])
        self._bundle.show(known if isinstance(report, Fault) else ToldBundle.of(report), status)
        self._report.clear()
        # Where the pages lack the key for both, one says it.
        if not (isinstance(report, Fault) and isinstance(status, Fault)):
            with self._report:
                report_panel(report if isinstance(report, Fault) else ToldBundle.of(report).evaluation)


async def _taken(visit: Visit, what: str) -> None:
    """Nothing here depends on who visits."""
