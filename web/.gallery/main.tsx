import { Button, Group, Stack, Title } from '@mantine/core'
import { createRootRouteWithContext, createRouter, RouterProvider, createMemoryHistory } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { ConfirmButton } from '../src/ui/ConfirmButton'
import { CopyText } from '../src/ui/CopyText'
import { Countdown, Duration } from '../src/ui/Countdown'
import { ExactAction } from '../src/ui/ExactAction'
import { hashOf } from '../src/ui/exactAction'
import { Moment } from '../src/ui/Moment'
import { VirtualList } from '../src/ui/Pager'
import { RiskPicture } from '../src/ui/RiskPicture'
import { makeQueryClient, mount } from '../src/ui/Root'
import { SchemaForm } from '../src/ui/SchemaForm'
import { StateBadge } from '../src/ui/StateBadge'
import { Timeline } from '../src/ui/Timeline'
import { VisibleText } from '../src/ui/VisibleText'
import { ProblemNote } from '../src/ui/ProblemNote'
import { ProblemError } from '../src/api/problem'
import { DEFS } from './defs'

const ORDER: any = { credential_ref: '0190a000-0000-7000-8000-000000000001', customer_id: '0190a000-0000-7000-8000-000000000002', hired_instance_id: null, kind: 'place_order',
  params: { limit_price: '65000.5', order_type: 'limit_order', product_symbol: 'BTCUSD', reduce_only: false, side: 'buy', size: '10', time_in_force: 'gtc', surprise: { deep: [1, 'x'] } }, provider: 'delta_exchange_india', v: 1 }
const POST: any = { ...ORDER, kind: 'publish_post', provider: 'mastodon', params: { image_url: null, language: 'en', platform: 'mastodon', posting_identity: '@cafe@example.test', scheduled_for: '2026-12-01T09:00:00Z', visibility: 'unlisted',
  text: 'Tea at half price ☕️ \u202ethis week\u202c.\nPay with \u0440\u0430yp\u0430l\u200b today!\nمرحبا بالعالم\n👨‍👩‍👧 #tea' } }
const checks = ['POSITION_LIMIT','QTY_ABOVE_MAX','NOTIONAL_ABOVE_MAX','DAILY_NOTIONAL','QTY_STEP','KILL_SWITCH_ON','PRICE_COLLAR','DAILY_ORDER_COUNT','QTY_BELOW_MIN','TIF_UNSUPPORTED','SYMBOL_NOT_ALLOWED']
const RISK: any = { verdict: 'deny', policy_hash: 'sha256:0', checks: checks.map((code, i) => ({ code, status: i === 3 ? 'fail' : i === 4 ? 'missing_input' : i === 9 ? 'skipped' : 'pass', observed: i === 5 ? 'off' : String(i * 12 + 3), limit: i === 5 ? null : String(i === 3 ? 20 : 150), unit: i % 2 ? 'INR' : 'contracts' })) }
const STATES = 'absent active approved cancelled consumed dead draft ended ending executed executing expired failed filled missed open partially_filled paused pending_review published queued rejected released retired revoked sending trial trial_expired unknown vetoed something_new'.split(' ')

function Shown({ action, hash }: any) {
  const [h, setH] = useState(hash)
  useEffect(() => { if (!hash) void hashOf(action).then(setH) }, [])
  return h ? <ExactAction action={action} actionHash={h} hidden={[]} onShown={(x) => console.log('shown', x)} /> : null
}
function Filled({ schema, config, value: start = {} as any, problems }: any) {
  const [value, setValue] = useState<any>(start)
  return <><SchemaForm schema={schema} config={config} value={value} onChange={setValue} problems={problems} onSubmit={(v) => console.log('submit', JSON.stringify(v))}
    credentials={{ options: [{ ref: '0190a000-0000-7000-8000-000000000001', kind: 'exchange', provider: 'delta_exchange_india', label: 'Delta ···1234' }], connectTo: (k, p) => `/connections?${k}=${p}` }}>
    <Group><Button type="submit">Save</Button></Group></SchemaForm><pre id="value" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{JSON.stringify(value)}</pre></>
}
const now = Date.now()
function Pieces() {
  return <Stack p="md">
    <Group>{STATES.map((s) => <StateBadge key={s} state={s} />)}</Group>
    <Group><Moment at="2026-11-21T00:00:00Z" /><Moment at="2026-11-21T00:00:00Z" zone="Asia/Kolkata" /><Countdown until={new Date(now + 100_000).toISOString()} /><Countdown until={new Date(now - 100).toISOString()} /><Duration seconds={75} /><CopyText text="sha256:0846143fcf77dedba221f75f8ed51a0bf316cfd11826600d389d9883b88b9b88" short /></Group>
    <ConfirmButton label="Cancel subscription" question="Cancel it?" explain="It ends with the month. Until then all goes on." danger onConfirm={() => console.log('yes')} />
    <VisibleText text={'Plain \u202eevil\u202c and\u00a0more \u{e0041}'} />
    <Timeline entries={[{ at: new Date(now - 90_000).toISOString(), title: 'Released', tone: 'good' }, { at: new Date(now - 60_000).toISOString(), title: 'Sent to the exchange', detail: 'order 123', tone: 'wait' }, { at: new Date(now).toISOString(), title: 'Rejected', tone: 'bad' }, { at: new Date(now).toISOString(), title: 'Noted' }]} />
    <RiskPicture risk={RISK} />
    <ProblemNote error={new ProblemError(403, { reason: 'risk_denied', detail: 'At least one check failed.', risk_codes: ['POSITION_LIMIT'], correlation_id: 'c', errors: [{ field: '/a', message: 'is required' }] })} />
    <Title order={2}>Order</Title><Shown action={ORDER} />
    <Title order={2}>Post</Title><Shown action={POST} />
    <Title order={2}>Not exact</Title><Shown action={ORDER} hash={'sha256:' + '0'.repeat(64)} />
    <VirtualList label="Many" items={Array.from({ length: 2000 }, (_, i) => ({ id: String(i) }))} keyOf={(x) => x.id} height={200}>{(x) => <div>Row {x.id}</div>}</VirtualList>
  </Stack>
}
const d = DEFS as any
function Forms() {
  const which = new URLSearchParams(location.search).get('form')
  if (which === 'trading') return <Stack p="md"><Filled schema={d.trading.config_schema} problems={[{ field: '/max_units_per_order', message: 'is above the account’s limit' }, { field: 'version', message: 'is older' }]} /></Stack>
  if (which === 'marketing') return <Stack p="md"><Filled schema={d.marketing.config_schema} value={{ platforms: ['x', 'mastodon'] }} /></Stack>
  if (which === 'intent') return <Stack p="md"><Filled schema={d.trading.goal_templates[0].settings_schema} config={{ allowed_coins: ['ETH', 'BTC'], default_coin: 'ETH' }} /></Stack>
  if (which === 'batch') return <Stack p="md"><Filled schema={d.marketing.goal_templates[0].settings_schema} /></Stack>
  if (which === 'wild') return <Stack p="md"><Filled schema={{ type: 'object', required: ['flag'], properties: {
    flag: { type: 'boolean', title: 'Yes or no' }, size: { title: 'Size', oneOf: [{ const: 1, title: 'Small' }, { const: 2, title: 'Large' }] },
    people: { type: 'array', title: 'People', items: { type: 'object', required: ['name'], properties: { name: { type: 'string', title: 'Name' }, age: { type: 'integer', title: 'Age', 'x-ui': { unit: 'years' } } } } },
    pair: { type: 'array', title: 'Pair', prefixItems: [{ type: 'string', title: 'First' }, { type: 'integer', title: 'Second' }], items: false },
    channel: { title: 'Channel', oneOf: [{ type: 'object', title: 'E-mail', required: ['kind', 'address'], properties: { kind: { const: 'email', title: 'Kind' }, address: { type: 'string', title: 'Address' } } }, { type: 'object', title: 'Web hook', required: ['kind', 'url'], properties: { kind: { const: 'hook', title: 'Kind' }, url: { type: 'string', title: 'Url', pattern: '^https://' } } }] },
  } }} value={{ people: [{ name: 'Ada' }], pair: ['a', 1] }} /></Stack>
  return <Pieces />
}
const root = createRootRouteWithContext()({ component: Forms })
const router = createRouter({ routeTree: root, history: createMemoryHistory() })
mount(<RouterProvider router={router as never} />, makeQueryClient())
