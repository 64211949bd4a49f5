/** What is shown of an action is what is hashed, and nothing else may be approved. */

import { screen, waitFor } from '@testing-library/react'

import { ExactAction } from '../../src/ui/ExactAction'
import { hashOf, type Action } from '../../src/ui/exactAction'
import { show } from './render'

const ORDER: Action = {
  credential_ref: '0190a000-0000-7000-8000-000000000001',
  customer_id: '0190a000-0000-7000-8000-000000000002',
  hired_instance_id: null,
  kind: 'place_order',
  params: {
    limit_price: '65000.5',
    order_type: 'limit_order',
    product_symbol: 'BTCUSD',
    reduce_only: true,
    side: 'sell',
    size: '10',
    time_in_force: 'gtc',
  },
  provider: 'delta_exchange_india',
  v: 1,
}
const CHANGED: Action = { ...ORDER, provider: 'elsewhere' }
const POST: Action = {
  ...ORDER,
  kind: 'publish_post',
  provider: 'mastodon',
  params: { language: 'en', platform: 'mastodon', text: 'Tea \u202etime', visibility: 'public' },
}

type OnShown = (hash: string | undefined) => void

test('the hash of what is shown is handed on when it is the one that would be signed', async () => {
  const onShown = vi.fn<OnShown>()
  const actionHash = await hashOf(ORDER)

  show(<ExactAction action={ORDER} actionHash={actionHash} onShown={onShown} />)

  await waitFor(() => expect(onShown).toHaveBeenLastCalledWith(actionHash))
  expect(onShown.mock.calls).toEqual([[undefined], [actionHash]])
  expect(screen.getByText(/What you see is what is signed/)).toBeVisible()
})

test('an action other than the signed one is told, and no hash is handed on', async () => {
  const onShown = vi.fn<OnShown>()
  const actionHash = await hashOf({ ...ORDER, params: { ...ORDER.params, size: '9' } })

  show(<ExactAction action={ORDER} actionHash={actionHash} onShown={onShown} />)

  expect(await screen.findByText('What you see is not what would be signed')).toBeVisible()
  expect(onShown.mock.calls).toEqual([[undefined]])
})

test('an action that changes under the page is hashed again', async () => {
  const onShown = vi.fn<OnShown>()
  const [first, second] = [await hashOf(ORDER), await hashOf(CHANGED)]
  const page = show(<ExactAction action={ORDER} actionHash={first} onShown={onShown} />)
  await waitFor(() => expect(onShown).toHaveBeenLastCalledWith(first))

  page.rerender(<ExactAction action={CHANGED} actionHash={second} onShown={onShown} />)

  await waitFor(() => expect(onShown).toHaveBeenLastCalledWith(second))
  expect(onShown.mock.calls).toEqual([[undefined], [first], [undefined], [second]])
})

test('an action that changes under the same hash takes back what was handed on', async () => {
  const onShown = vi.fn<OnShown>()
  const actionHash = await hashOf(ORDER)
  const page = show(<ExactAction action={ORDER} actionHash={actionHash} onShown={onShown} />)
  await waitFor(() => expect(onShown).toHaveBeenLastCalledWith(actionHash))

  page.rerender(<ExactAction action={CHANGED} actionHash={actionHash} onShown={onShown} />)

  expect(onShown).toHaveBeenLastCalledWith(undefined)
  expect(await screen.findByText('What you see is not what would be signed')).toBeVisible()
  expect(onShown).toHaveBeenLastCalledWith(undefined)
})

test('a hash that changes under the same action takes back what was handed on', async () => {
  const onShown = vi.fn<OnShown>()
  const actionHash = await hashOf(ORDER)
  const page = show(<ExactAction action={ORDER} actionHash={actionHash} onShown={onShown} />)
  await waitFor(() => expect(onShown).toHaveBeenLastCalledWith(actionHash))

  page.rerender(<ExactAction action={ORDER} actionHash={await hashOf(CHANGED)} onShown={onShown} />)

  expect(onShown).toHaveBeenLastCalledWith(undefined)
})

test('an order is told in words with its units', async () => {
  show(<ExactAction action={ORDER} actionHash={await hashOf(ORDER)} />)

  expect(await screen.findByText(/^Sell 10 contracts of BTCUSD at 65000.5 or better/)).toBeVisible()
})

test('a field that the page does not know is shown by its name', async () => {
  const action = { ...ORDER, params: { ...ORDER.params, leverage: { max: 5 }, tags: ['a', 'b'] } }

  show(<ExactAction action={action} actionHash={await hashOf(action)} />)

  expect(await screen.findByText('params.leverage.max')).toBeVisible()
  expect(screen.getByText('params.tags[1]')).toBeVisible()
})

test('what is hidden in a post is marked wherever its text is shown', async () => {
  show(<ExactAction action={POST} actionHash={await hashOf(POST)} />)

  expect(await screen.findAllByRole('img', { name: 'U+202E, right-to-left override' })).toHaveLength(2)
})
