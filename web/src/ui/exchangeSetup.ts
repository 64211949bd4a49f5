/** An exchange account as it is entered, by a customer or for one, and as it is sent. */

export interface ExchangeValues {
  apiKey: string
  apiSecret: string
  allowedCoins: string[]
  defaultCoin: string
  maxUnits: string
  maxNotional: string
}

interface KnownSetup {
  allowed_coins: string[]
  default_coin: string
  max_units_per_order: string
  max_notional_inr: string | null
}

export const NO_KEYS = { apiKey: '', apiSecret: '' }

/** Keys are never known: they went to the vault. */
export function valuesFrom(known: KnownSetup | undefined): ExchangeValues {
  return {
    ...NO_KEYS,
    allowedCoins: known?.allowed_coins ?? ['BTC'],
    defaultCoin: known?.default_coin ?? 'BTC',
    maxUnits: known?.max_units_per_order ?? '',
    maxNotional: known?.max_notional_inr ?? '',
  }
}

/** The first choice is always one of the coins. */
export function withCoins(values: ExchangeValues, written: readonly string[]): ExchangeValues {
  const allowedCoins = written.map((coin) => coin.trim().toUpperCase())
  const isKept = allowedCoins.includes(values.defaultCoin)
  return { ...values, allowedCoins, defaultCoin: isKept ? values.defaultCoin : (allowedCoins[0] ?? '') }
}

export function setupFrom(values: ExchangeValues) {
  const maxNotional = values.maxNotional.trim()
  return {
    exchange_provider: 'delta_exchange_india',
    api_key: values.apiKey,
    api_secret: values.apiSecret,
    allowed_coins: values.allowedCoins,
    default_coin: values.defaultCoin,
    max_units_per_order: values.maxUnits.trim(),
    ...(maxNotional !== '' && { max_notional_inr: maxNotional }),
  } as const
}
