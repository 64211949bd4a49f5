/** The hash that the page computes is the one that approvals bind: vectors made by the portals' own code. */

import { canonicalText, hashOf } from '../../src/ui/exactAction'

const ORDER = {
  credential_ref: '0190a000-0000-7000-8000-000000000001',
  customer_id: '0190a000-0000-7000-8000-000000000002',
  hired_instance_id: null,
  kind: 'place_order',
  params: {
    limit_price: '65000.5',
    order_type: 'limit_order',
    product_symbol: 'BTCUSD',
    reduce_only: false,
    side: 'buy',
    size: '10',
    time_in_force: 'gtc',
  },
  provider: 'delta_exchange_india',
  v: 1,
}
const ORDER_HASH = 'sha256:0846143fcf77dedba221f75f8ed51a0bf316cfd11826600d389d9883b88b9b88'

const POST = {
  v: 1,
  provider: 'mastodon',
  params: {
    visibility: 'unlisted',
    text: 'Tea "half" price\\now\n\tcaf\u00e9 \u{1f469}\u200d\u{1f373} \u202eabc \u2028 \u0007\u007f </script>',
    scheduled_for: '2026-12-01T09:00:00Z',
    posting_identity: '@cafe@example.test',
    platform: 'mastodon',
    language: 'en',
    image_url: null,
  },
  kind: 'publish_post',
  hired_instance_id: '0190a000-0000-7000-8000-000000000004',
  customer_id: '0190a000-0000-7000-8000-000000000002',
  credential_ref: '0190a000-0000-7000-8000-000000000003',
}
const POST_HASH = 'sha256:acf059a2f48c0fbc9a0028e3dd51151eb54e6f7aad870dbfba87333168bd2e79'

test('an order has the hash that the portals give it', async () => {
  expect(await hashOf(ORDER)).toBe(ORDER_HASH)
})

test('a post with every awkward character has the hash that the portals give it, in any order of fields', async () => {
  expect(await hashOf(POST)).toBe(POST_HASH)
})

test.each([
  ['another size', { ...ORDER, params: { ...ORDER.params, size: '11' } }],
  ['a field more', { ...ORDER, surprise: null }],
  ['a number for a text', { ...ORDER, params: { ...ORDER.params, size: 10 } }],
])('%s gives another hash', async (_, changed) => {
  expect(await hashOf(changed)).not.toBe(ORDER_HASH)
})

test('canonical text has sorted keys and no spaces', () => {
  expect(canonicalText({ b: [1, 'x'], a: { d: null, c: true } })).toBe(
    '{"a":{"c":true,"d":null},"b":[1,"x"]}',
  )
})

test('what has no canonical form is refused', () => {
  expect(() => canonicalText(undefined)).toThrow('no canonical form')
})
