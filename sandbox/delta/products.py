"""The product and asset catalogue of the imitated exchange."""

from decimal import Decimal

from sandbox.delta.model import AssetId, Product, ProductId

SETTLING_ASSET = "USD"

ASSETS: dict[str, AssetId] = {
    "USD": AssetId(14),
    "INR": AssetId(3),
    "BTC": AssetId(2),
    "ETH": AssetId(1),
    "SOL": AssetId(84),
    "XRP": AssetId(10),
    "DOGE": AssetId(29),
}

PRODUCTS: tuple[Product, ...] = (
    Product(
        product_id=ProductId(27),
        symbol="BTCUSD",
        description="Bitcoin Perpetual",
        underlying="BTC",
        underlying_asset_id=ASSETS["BTC"],
        contract_value=Decimal("0.001"),
        tick_size=Decimal("0.5"),
        start_price=Decimal(65_000),
        default_leverage=Decimal(200),
        max_leverage=Decimal(200),
        position_size_limit=229_167,
    ),
    Product(
        product_id=ProductId(3136),
        symbol="ETHUSD",
        description="Ethereum Perpetual",
        underlying="ETH",
        underlying_asset_id=ASSETS["ETH"],
        contract_value=Decimal("0.01"),
        tick_size=Decimal("0.05"),
        start_price=Decimal(3_500),
        default_leverage=Decimal(200),
        max_leverage=Decimal(200),
        position_size_limit=229_167,
    ),
    Product(
        product_id=ProductId(14823),
        symbol="SOLUSD",
        description="Solana Perpetual",
        underlying="SOL",
        underlying_asset_id=ASSETS["SOL"],
        contract_value=Decimal(1),
        tick_size=Decimal("0.0001"),
        start_price=Decimal(150),
        default_leverage=Decimal(100),
        max_leverage=Decimal(100),
        position_size_limit=50_000,
    ),
    Product(
        product_id=ProductId(14969),
        symbol="XRPUSD",
        description="XRP Perpetual",
        underlying="XRP",
        underlying_asset_id=ASSETS["XRP"],
        contract_value=Decimal(1),
        tick_size=Decimal("0.0001"),
        start_price=Decimal("0.6"),
        default_leverage=Decimal(100),
        max_leverage=Decimal(100),
        position_size_limit=5_000_000,
    ),
    Product(
        product_id=ProductId(14745),
        symbol="DOGEUSD",
        description="Dogecoin Perpetual",
        underlying="DOGE",
        underlying_asset_id=ASSETS["DOGE"],
        contract_value=Decimal(100),
        tick_size=Decimal("0.000001"),
        start_price=Decimal("0.12"),
        default_leverage=Decimal(100),
        max_leverage=Decimal(100),
        position_size_limit=500_000,
    ),
)
