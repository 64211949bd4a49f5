"""The peer of B1: nautilus_trader's RiskEngine in front of its ExecutionEngine and a client that only takes orders.

Runs on the packages of requirements-bench.txt. Prints orders per second as JSON: `pass` and `deny`.
"""

import json
import sys
import time
from decimal import Decimal

from nautilus_trader.cache.cache import Cache
from nautilus_trader.common.component import MessageBus, TestClock
from nautilus_trader.common.factories import OrderFactory
from nautilus_trader.config import ExecEngineConfig, RiskEngineConfig
from nautilus_trader.core.uuid import UUID4
from nautilus_trader.execution.engine import ExecutionEngine
from nautilus_trader.execution.messages import SubmitOrder
from nautilus_trader.model.currencies import USD
from nautilus_trader.model.enums import AccountType, OrderSide
from nautilus_trader.model.identifiers import ClientId, StrategyId, TraderId, Venue
from nautilus_trader.model.objects import Price, Quantity
from nautilus_trader.portfolio.portfolio import Portfolio
from nautilus_trader.risk.engine import RiskEngine
from nautilus_trader.test_kit.mocks.exec_clients import MockExecutionClient
from nautilus_trader.test_kit.providers import TestInstrumentProvider
from nautilus_trader.test_kit.stubs.data import TestDataStubs
from nautilus_trader.test_kit.stubs.events import TestEventStubs

_CAP = 2_000_000
_PASSES = 100_000
_EXCEEDS = 4_000_000


class Desk:
    """One engine with one FX instrument, a cash account, a cap on an order's notional, and no throttle."""

    def __init__(self) -> None:
        clock = TestClock()
        trader = TraderId("TESTER-001")
        bus = MessageBus(trader_id=trader, clock=clock)
        cache = Cache()
        portfolio = Portfolio(msgbus=bus, cache=cache, clock=clock)
        self.instrument = TestInstrumentProvider.default_fx_ccy("AUD/USD", Venue("SIM"))
        execution = ExecutionEngine(msgbus=bus, cache=cache, clock=clock, config=ExecEngineConfig())
        config = RiskEngineConfig(
            max_order_submit_rate="100000000/00:00:01",
            max_notional_per_order={self.instrument.id.value: _CAP},
        )
        self.risk = RiskEngine(portfolio=portfolio, msgbus=bus, cache=cache, clock=clock, config=config)
        self.client = MockExecutionClient(
            client_id=ClientId("SIM"),
            venue=Venue("SIM"),
            account_type=AccountType.CASH,
            base_currency=USD,
            msgbus=bus,
            cache=cache,
            clock=clock,
        )
        execution.register_client(self.client)
        cache.add_instrument(self.instrument)
        cache.add_quote_tick(TestDataStubs.quote_tick(self.instrument))
        portfolio.update_account(TestEventStubs.cash_account_state())
        self.cache = cache
        self.trader = trader
        self.factory = OrderFactory(trader_id=trader, strategy_id=StrategyId("S-001"), clock=clock)
        self.risk.start()
        execution.start()

    def commands(self, count: int, *, quantity: int) -> list[SubmitOrder]:
        orders = [
            self.factory.limit(
                self.instrument.id,
                OrderSide.BUY,
                Quantity.from_int(quantity),
                Price(Decimal("1.00000"), precision=5),
            )
            for _ in range(count)
        ]
        return [
            SubmitOrder(
                trader_id=self.trader,
                strategy_id=StrategyId("S-001"),
                position_id=None,
                order=order,
                command_id=UUID4(),
                ts_init=0,
            )
            for order in orders
        ]


def measure(count: int, *, quantity: int, reaches_client: bool) -> float:
    desk = Desk()
    commands = desk.commands(count, quantity=quantity)
    started = time.perf_counter()
    for command in commands:
        desk.risk.execute(command)
    spent_s = time.perf_counter() - started
    assert len(desk.client.commands) == (count if reaches_client else 0), len(desk.client.commands)
    return count / spent_s


def main(count: int) -> None:
    figures = {
        "pass": measure(count, quantity=_PASSES, reaches_client=True),
        "deny": measure(count, quantity=_EXCEEDS, reaches_client=False),
    }
    sys.stdout.write(json.dumps(figures))


if __name__ == "__main__":
    main(int(sys.argv[1]))
