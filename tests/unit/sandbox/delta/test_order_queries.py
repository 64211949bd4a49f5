"""Lists of orders and fills: pages, cursors, filters."""

from tests.unit.sandbox.delta.create import NOW_S, Json, Trader, create_trader


def walk(trader: Trader, path: str, **query: Json) -> list[list[int]]:
    """The ids of every page, following `after`."""
    pages: list[list[int]] = []
    after = None
    while True:
        cursor = {} if after is None else {"after": after}
        answer = trader.call("GET", path, **query, **cursor)
        pages.append([row["id"] for row in answer.result])
        after = answer.json["meta"]["after"]
        if after is None:
            return pages


def test_history_is_paged_newest_first_without_gap_or_repeat() -> None:
    trader = create_trader()
    placed = [trader.place(size=1).result["id"] for _ in range(25)]

    pages = walk(trader, "/v2/orders/history")

    assert [len(page) for page in pages] == [10, 10, 5]
    assert [row for page in pages for row in page] == placed[::-1]


def test_orders_placed_while_paging_do_not_shift_the_pages() -> None:
    trader = create_trader()
    placed = [trader.place(size=1).result["id"] for _ in range(4)]
    first = trader.call("GET", "/v2/orders/history", page_size=2)
    trader.place(size=1)

    second = trader.call("GET", "/v2/orders/history", page_size=2, after=first.json["meta"]["after"])

    assert [row["id"] for row in second.result] == placed[1::-1]


def test_before_leads_back_to_the_newer_page() -> None:
    trader = create_trader()
    placed = [trader.place(size=1).result["id"] for _ in range(6)]
    first = trader.call("GET", "/v2/fills", page_size=2)
    assert first.json["meta"]["before"] is None
    second = trader.call("GET", "/v2/fills", page_size=2, after=first.json["meta"]["after"])

    back = trader.call("GET", "/v2/fills", page_size=2, before=second.json["meta"]["before"])

    assert [row["order_id"] for row in back.result] == placed[:3:-1]
    assert back.json["meta"]["before"] is None
    assert back.json["meta"]["after"] is not None


def test_page_size_is_cut_to_fifty() -> None:
    trader = create_trader()
    for _ in range(51):
        trader.place(size=1)

    answer = trader.call("GET", "/v2/fills", page_size=100)

    assert len(answer.result) == 50
    assert answer.json["meta"]["after"] is not None


def test_wrong_cursor_or_size_is_bad_schema() -> None:
    trader = create_trader()

    assert trader.call("GET", "/v2/fills", after="%%%").code == "bad_schema"
    assert trader.call("GET", "/v2/fills", page_size="many").code == "bad_schema"
    assert trader.call("GET", "/v2/fills", page_size=0).code == "bad_schema"


def test_live_orders_are_filtered_by_state_product_and_kind() -> None:
    trader = create_trader()
    limit = trader.place_limit("60000").result["id"]
    stop = trader.place(stop_order_type="stop_loss_order", stop_price="70000").result["id"]
    ether = trader.place_limit("3000", product_id=3136).result["id"]

    def ids(**query: Json) -> set[int]:
        return {row["id"] for row in trader.call("GET", "/v2/orders", **query).result}

    assert ids() == {limit, stop, ether}
    assert ids(states="pending") == {stop}
    assert ids(states="open") == {limit, ether}
    assert ids(product_ids="27") == {limit, stop}
    assert ids(product_ids="27,3136", order_types="limit") == {limit, ether}
    assert ids(order_types="all_stop") == {stop}
    assert ids(contract_types="call_options") == set()


def test_history_holds_final_orders_only() -> None:
    trader = create_trader()
    trader.place_limit("60000")
    closed = trader.place().result["id"]

    history = trader.call("GET", "/v2/orders/history").result

    assert [row["id"] for row in history] == [closed]


def test_fills_are_filtered_by_time_in_microseconds() -> None:
    trader = create_trader()
    trader.place(size=1)
    trader.market.clock.offset_s = 10
    trader.place(size=2)
    second = int((NOW_S + 10) * 1_000_000)

    assert [row["size"] for row in trader.call("GET", "/v2/fills", start_time=second).result] == [2]
    assert [row["size"] for row in trader.call("GET", "/v2/fills", end_time=second - 1).result] == [1]


def test_times_come_in_both_forms_of_the_exchange() -> None:
    trader = create_trader()
    order = trader.place().result

    assert order["created_at"] == str(int(NOW_S * 1_000_000))
    assert trader.fills()[0]["created_at"] == "2027-01-15T08:00:00.000000Z"
