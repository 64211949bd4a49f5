/** What each risk check looks at, by the code that it denies with. */

import type { components } from '../api/cp'
import { inWords } from './StateBadge'

const SUBJECTS: Record<string, string> = {
  APPROVAL_PRICE_DRIFT: 'Price since it was approved',
  DAILY_NOTIONAL: 'Value ordered today',
  DAILY_ORDER_COUNT: 'Orders today',
  DUPLICATE_INTENT: 'The same order a moment ago',
  GATE_UNAVAILABLE: 'The gate itself',
  INSTRUMENT_NOT_TRADABLE: 'The product can be traded',
  INSTRUMENT_UNKNOWN: 'The exchange lists the product',
  INTENT_INVALID: 'The order makes sense',
  KILL_SWITCH_ON: 'Kill switches',
  MARKET_DATA_STALE: 'Age of the price',
  MARKET_PROTECTION_REQUIRED: 'Protection of a market order',
  NOTIONAL_ABOVE_MAX: 'Largest order value',
  NOTIONAL_BELOW_MIN: 'Smallest order value',
  ORDER_TYPE_UNSUPPORTED: 'Order type',
  POSITION_LIMIT: 'Position afterwards',
  POSITION_SNAPSHOT_STALE: 'Age of the position',
  PRICE_COLLAR: 'Distance from the market price',
  PRICE_TICK: 'Price in whole steps',
  QTY_ABOVE_MAX: 'Largest quantity',
  QTY_BELOW_MIN: 'Smallest quantity',
  QTY_STEP: 'Quantity in whole steps',
  RATE_LIMIT_ORDERS: 'Orders in a short time',
  REDUCE_ONLY_WOULD_INCREASE: 'It only reduces',
  REFERENCE_PRICE_MISSING: 'There is a price to compare with',
  SYMBOL_NOT_ALLOWED: 'Allowed products',
  TIF_UNSUPPORTED: 'How long the order is valid',
  UNIT_MISMATCH: 'Units agree',
  UNKNOWN_OUTCOME_OUTSTANDING: 'No order of unknown outcome',
}

export function subjectOf(code: string): string {
  return SUBJECTS[code] ?? inWords(code)
}

const LEAST = new Set(['NOTIONAL_BELOW_MIN', 'QTY_BELOW_MIN'])
const MOST = new Set([
  'APPROVAL_PRICE_DRIFT',
  'DAILY_NOTIONAL',
  'DAILY_ORDER_COUNT',
  'MARKET_DATA_STALE',
  'NOTIONAL_ABOVE_MAX',
  'POSITION_LIMIT',
  'POSITION_SNAPSHOT_STALE',
  'QTY_ABOVE_MAX',
  'RATE_LIMIT_ORDERS',
  'REDUCE_ONLY_WOULD_INCREASE',
])
const STEPS = new Set(['PRICE_TICK', 'QTY_STEP'])

const NUMBER = /^-?\d+(\.\d+)?$/
const BASIS_POINTS_IN_PERCENT = 100

export type Comparison = Pick<components['schemas']['ShownCheck'], 'code' | 'observed' | 'limit' | 'unit'>

/** What was seen and what it was held against, with units. */
export function comparisonOf({ code, observed, limit, unit }: Comparison): string {
  const seen = observed === null ? undefined : withUnit(observed, unit)
  const bound =
    limit === null || limit === observed ? undefined : `${boundWord(code)} ${withUnit(limit, unit)}`
  return [seen, bound].filter((text) => text !== undefined).join(' · ')
}

function boundWord(code: string): string {
  if (LEAST.has(code)) return 'at least'
  return STEPS.has(code) ? 'in steps of' : 'limit'
}

function withUnit(value: string, unit: string | null): string {
  if (unit === null || !NUMBER.test(value)) return value
  if (unit === 'bps') return `${Number(value) / BASIS_POINTS_IN_PERCENT} %`
  return `${value} ${value === '1' && unit.length > 3 ? unit.replace(/s$/, '') : unit}`
}

/** How much of its limit is used, in percent; none for checks that are not about how much. */
export function shareOf({ code, observed, limit }: Comparison): number | undefined {
  if (observed === null || limit === null || !NUMBER.test(observed) || !NUMBER.test(limit)) return undefined
  if (!MOST.has(code) && !LEAST.has(code)) return undefined
  const [seen, bound] = [Math.abs(Number(observed)), Math.abs(Number(limit))]
  const [part, whole] = LEAST.has(code) ? [bound, seen] : [seen, bound]
  if (whole === 0) return part > 0 ? 100 : 0
  return Math.min(100, (part / whole) * 100)
}
