/** An action in words: what will happen, and every one of its fields by name. Made of the action itself, nothing else. */

import type { Action } from './exactAction'

export interface Field {
  path: string
  value: string | number | boolean | null
}

const LABELS = new Map<string, string>([
  ['credential_ref', 'Connected account'],
  ['customer_id', 'Customer'],
  ['hired_instance_id', 'Agent'],
  ['kind', 'Kind of action'],
  ['provider', 'Sent to'],
  ['v', 'Version of this form'],
  ['params.limit_price', 'Limit price'],
  ['params.order_type', 'Order type'],
  ['params.product_symbol', 'Product'],
  ['params.reduce_only', 'Only reduces a position'],
  ['params.side', 'Side'],
  ['params.size', 'Size, in contracts'],
  ['params.time_in_force', 'Valid'],
  ['params.image_url', 'Picture'],
  ['params.language', 'Language'],
  ['params.platform', 'Platform'],
  ['params.posting_identity', 'Posted as'],
  ['params.scheduled_for', 'Not before'],
  ['params.text', 'Text'],
  ['params.visibility', 'Seen by'],
])

const WORDS = new Map<string, string>([
  ['params.time_in_force:gtc', 'until it is cancelled'],
  ['params.time_in_force:ioc', 'at once, or what is left is cancelled'],
  ['params.visibility:public', 'everybody'],
  ['params.visibility:unlisted', 'everybody, but not on public timelines'],
  ['params.visibility:followers', 'followers and contacts'],
  ['params.order_type:market_order', 'at the price of the moment'],
  ['params.order_type:limit_order', 'at the limit price or better'],
])

export function labelOf(path: string): string | undefined {
  return LABELS.get(path)
}

/** What a fixed word stands for, where it does not say so itself. */
export function meaningOf({ path, value }: Field): string | undefined {
  if (value === null) return 'none'
  return WORDS.get(`${path}:${String(value)}`)
}

/** Every value of the action with its path, also of fields that this page does not know. */
export function fieldsOf(value: unknown, path = ''): Field[] {
  if (Array.isArray(value)) {
    return value.length === 0
      ? [{ path, value: '[]' }]
      : value.flatMap((item, index) => fieldsOf(item, `${path}[${index}]`))
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
    return entries.length === 0
      ? [{ path, value: '{}' }]
      : entries.flatMap(([name, item]) => fieldsOf(item, path === '' ? name : `${path}.${name}`))
  }
  return [{ path, value: value as Field['value'] }]
}

/** Units: sizes in contracts, prices in the product's quote currency. */
export function sentenceOf(action: Action): string {
  const { kind, params, provider } = action
  if ('text' in params) {
    const identity = params.posting_identity ? ` as ${params.posting_identity}` : ''
    return `Publish this post on ${params.platform}${identity}.`
  }
  const size = `${params.size} ${params.size === '1' ? 'contract' : 'contracts'} of ${params.product_symbol}`
  const price =
    params.limit_price === null
      ? 'at the price of the moment'
      : `at ${params.limit_price} or better, in the product’s quote currency`
  const effect = params.reduce_only ? ' It can only make a position smaller.' : ''
  const verb = params.side === 'buy' ? 'Buy' : 'Sell'
  const closing = kind === 'close_position' ? 'Close a position: ' : ''
  return `${closing}${closing ? verb.toLowerCase() : verb} ${size} ${price}, through ${provider}.${effect}`
}
