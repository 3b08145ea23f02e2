"""The composition root: ids of instances to a running endpoint. Tests start it in their own process the same way."""

import threading
from collections.abc import Collection
from types import MappingProxyType

from customer_profiles_emulator.server import Endpoint as Listening
from customer_profiles_emulator.server import Server
from customer_profiles_emulator.stats import Stats
from local.connect_campaigns.application import Application
from local.connect_campaigns.control import ControlPlane
from local.connect_campaigns.instances import Instances

_POLL = 0.05  # how soon the server notices that it is to stop, in seconds


class Endpoint:
    """An endpoint of Connect's outbound campaigns in this process.

    Attributes:
        instances: What there is.

    Args:
        instances: Ids of the instances with outbound campaigns enabled.
        port: On 127.0.0.1; 0 takes a free one.
        faults: In force from the start, in the Customer Profiles emulator's form.

    Raises:
        FaultSpecificationError: the faults make no sense.
    """

    def __init__(self, instances: Collection[str] = (), port: int = 0, faults: object = MappingProxyType({})) -> None:
        self.instances = Instances(instances)
        stats = Stats()
        application = Application(self.instances, stats, faults)
        self._server = Server(Listening(port=port), application, ControlPlane(application, self.instances, stats))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(_POLL,), name="http", daemon=True)

    @property
    def url(self) -> str:
        """Where clients find it."""
        return self._server.url

    def start(self) -> None:
        """Serve, in threads of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Stop serving; requests under way end first."""
        self._server.stop()
        self._thread.join()
