"""The two channel functions as Lambda's client hands events to them: the real ones, on the queues of a fake SQS."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from engagement.errors import EngagementError
from tests.fakes.channel import FakeChannel
from tests.fakes.queues import DEAD, ENGAGEMENT, FakeSqsService


@dataclass(slots=True)
class FakeFunctions:
    """Two functions; ``invoked`` keeps which function was called."""

    queues: FakeSqsService
    invoked: list[str] = field(default_factory=list)

    def invoke(self, *, FunctionName: str, Payload: bytes) -> Mapping[str, Any]:  # noqa: N803 - boto3's names
        self.queues.before("Invoke")
        self.invoked.append(FunctionName)
        channel = FakeChannel(viewed=FunctionName == "viewed")
        try:
            answer: Any = channel.invoke(json.loads(Payload))
        except EngagementError as error:
            answer = {"errorType": type(error).__name__, "errorMessage": str(error)}
        for message in channel.queue.messages:
            self.queues.put(ENGAGEMENT, message.body, message.attributes, message.group)
        for message in channel.dead_letters.messages:
            self.queues.put(DEAD, message.body, message.attributes)
        self.queues.after("Invoke")
        failed = {"FunctionError": "Unhandled"} if "errorType" in answer else {}
        return {"StatusCode": 200, "Payload": BytesIO(json.dumps(answer).encode()), **failed}
