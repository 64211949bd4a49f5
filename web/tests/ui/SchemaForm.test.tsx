/** Forms made of schemas alone: the two agent types that come with the platform, filled in. */

import { Button } from '@mantine/core'
import { screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { useState } from 'react'

import { SchemaForm, type FormObject, type SchemaFormProps } from '../../src/ui/SchemaForm'
import { marketing, settingsSchema, trading } from './definitions'
import { show } from './render'

const ACCOUNT = {
  ref: '0190a000-0000-7000-8000-000000000001',
  kind: 'exchange',
  provider: 'delta_exchange_india',
  label: 'Delta ···1234',
}
const OTHER = { ref: '0190a000-0000-7000-8000-000000000002', kind: 'platform', provider: 'x', label: '@cafe' }
const CREDENTIALS = {
  options: [ACCOUNT, OTHER],
  connectTo: (kind: string, provider: string) => `/connections?${kind}=${provider}`,
}

/** Lists of choices have the label too. */
const CONTROL = { selector: 'input, textarea' }

beforeAll(async () => {
  await import('../../src/ui/schema-form/Form')
})

interface Shown {
  onSubmit: ReturnType<typeof vi.fn<(value: FormObject) => void>>
  latest: () => FormObject
}

function showForm(props: Partial<SchemaFormProps> & { schema: FormObject }): Shown {
  const onSubmit = vi.fn<(value: FormObject) => void>()
  let latest: FormObject = {}
  function Page() {
    const [value, setValue] = useState<FormObject>(props.value ?? {})
    latest = value
    return (
      <SchemaForm credentials={CREDENTIALS} {...props} value={value} onChange={setValue} onSubmit={onSubmit}>
        <Button type="submit">Save</Button>
      </SchemaForm>
    )
  }
  show(<Page />)
  return { onSubmit, latest: () => latest }
}

test('every field of the trading configuration has a labelled control with its help, in its group', async () => {
  showForm({ schema: trading.config_schema })

  expect(await screen.findByLabelText(/^Nickname/, CONTROL)).toHaveAccessibleDescription(
    /What you call this agent/,
  )
  const limits = screen.getByRole('group', { name: 'Limits' })
  expect(within(limits).getByLabelText(/^Largest order, in coins/, CONTROL)).toBeVisible()
  expect(screen.getByLabelText(/^Exchange account/, CONTROL)).toBeVisible()
  expect(screen.getByRole('link', { name: 'Connect another account' })).toHaveAttribute(
    'href',
    '/connections?exchange=delta_exchange_india',
  )
  expect(screen.getByLabelText(/^Before anything is sent/, CONTROL)).toHaveAttribute('readonly')
  expect(screen.getByLabelText(/^Before anything is sent/, CONTROL)).toHaveValue('I approve every order')
})

test('defaults are handed to the page', async () => {
  const form = showForm({ schema: trading.config_schema })
  await screen.findByLabelText(/^Nickname/, CONTROL)

  await waitFor(() =>
    expect(form.latest()).toMatchObject({
      timezone: 'Asia/Kolkata',
      allowed_coins: ['BTC', 'ETH'],
      execution_policy: 'approval_per_trade_action',
      interval_seconds: 300,
    }),
  )
})

test('an incomplete form says what is missing and is not sent', async () => {
  const form = showForm({ schema: trading.config_schema })
  await screen.findByLabelText(/^Nickname/, CONTROL)

  await userEvent.click(screen.getByRole('button', { name: 'Save' }))

  expect(form.onSubmit).not.toHaveBeenCalled()
  expect(screen.getByLabelText(/^Nickname/, CONTROL)).toHaveAccessibleDescription(/is required/)
  expect(screen.getByLabelText(/^Nickname/, CONTROL)).toHaveFocus()
})

test('nothing is marked before it was visited', async () => {
  showForm({ schema: trading.config_schema })
  const nickname = await screen.findByLabelText(/^Nickname/, CONTROL)
  expect(screen.queryByText('is required')).toBeNull()

  await userEvent.click(nickname)
  await userEvent.tab()

  expect(nickname).toHaveAccessibleDescription(/is required/)
  expect(screen.getAllByText('is required')).toHaveLength(1)
})

test('a whole form is sent as it was filled in', async () => {
  const form = showForm({ schema: trading.config_schema })

  await userEvent.type(await screen.findByLabelText(/^Nickname/, CONTROL), 'Desk')
  await userEvent.type(screen.getByLabelText(/^Largest order, in coins/, CONTROL), '0,50')
  await userEvent.click(screen.getByLabelText(/^Exchange account/, CONTROL))
  await userEvent.click(screen.getByRole('option', { name: ACCOUNT.label }))
  await userEvent.click(screen.getByRole('button', { name: 'Save' }))

  expect(form.onSubmit).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({
      nickname: 'Desk',
      max_units_per_order: '0.50',
      exchange_credential_ref: ACCOUNT.ref,
      default_coin: 'BTC',
    }),
  )
})

test('only fitting accounts can be chosen', async () => {
  showForm({ schema: trading.config_schema })

  await userEvent.click(await screen.findByLabelText(/^Exchange account/, CONTROL))

  expect(screen.getAllByRole('option').map((option) => option.textContent)).toEqual([ACCOUNT.label])
})

test("the portal's problems stand at their fields until these are changed", async () => {
  const problems = [
    { field: '/nickname', message: 'is taken' },
    { field: 'version', message: 'is older' },
  ]
  showForm({ schema: trading.config_schema, value: { nickname: 'Desk' }, problems })
  const nickname = await screen.findByLabelText(/^Nickname/, CONTROL)
  expect(nickname).toHaveAccessibleDescription(/is taken/)
  expect(screen.getByText('version is older')).toBeVisible()

  await userEvent.type(nickname, '2')

  expect(nickname).not.toHaveAccessibleDescription(/is taken/)
  expect(screen.getByText('version is older')).toBeVisible()
})

test('a limit price is asked for limit orders only, and forgotten with them', async () => {
  const config = { allowed_coins: ['ETH'], default_coin: 'ETH' }
  const form = showForm({ schema: settingsSchema(trading, 'trade_intent_draft'), config })
  expect(await screen.findByLabelText(/^Coin/, CONTROL)).toHaveValue('ETH')
  expect(screen.queryByLabelText(/^Limit price/, CONTROL)).toBeNull()

  await userEvent.click(screen.getByLabelText('At a limit price'))
  await userEvent.type(screen.getByLabelText(/^Limit price/, CONTROL), '2000')
  expect(form.latest()).toHaveProperty('limit_price', '2000')
  await userEvent.click(screen.getByLabelText('At market'))

  expect(form.latest()).not.toHaveProperty('limit_price')
})

test('the marketing configuration shows the accounts of the platforms that are chosen', async () => {
  const form = showForm({ schema: marketing.config_schema })
  await screen.findByLabelText(/^Brand/, CONTROL)
  expect(screen.queryByRole('group', { name: 'Connected accounts' })).toBeNull()

  await userEvent.click(screen.getByRole('checkbox', { name: 'X' }))
  await userEvent.type(screen.getByLabelText(/^Offerings/, CONTROL), 'Tea{Enter}Cake ')

  const accounts = within(screen.getByRole('group', { name: 'Connected accounts' }))
  await userEvent.click(accounts.getByLabelText(/^X/, CONTROL))
  await userEvent.click(screen.getByRole('option', { name: OTHER.label }))
  expect(form.latest()).toMatchObject({
    platforms: ['x'],
    platform_credentials: { x: OTHER.ref },
    offerings: ['Tea', 'Cake'],
    constraints: { max_hashtags: 3 },
  })
})

test('days are chosen by name', async () => {
  const form = showForm({
    schema: settingsSchema(marketing, 'weekly_multichannel_batch'),
    value: { weekdays: [0], time_of_day: '10:00' },
  })

  await userEvent.click(await screen.findByRole('checkbox', { name: 'Sunday' }))

  expect(form.latest()).toMatchObject({ weekdays: [0, 6] })
})

test('a number that is emptied stays empty', async () => {
  const form = showForm({ schema: trading.config_schema })
  const field = await screen.findByLabelText(/^Look at the market every, in seconds/, CONTROL)
  await waitFor(() => expect(field).toHaveValue('300'))

  await userEvent.clear(field)

  expect(field).toHaveValue('')
  expect(form.latest()).not.toHaveProperty('interval_seconds')
})

test('of several ways to fill it in, one is chosen and its fields are kept', async () => {
  const way = (title: string, kind: string, field: object) => ({
    type: 'object',
    title,
    required: ['kind'],
    properties: { kind: { const: kind, title: 'Kind' }, ...field },
  })
  const form = showForm({
    schema: {
      type: 'object',
      properties: {
        channel: {
          title: 'Channel',
          oneOf: [
            way('E-mail', 'email', { address: { type: 'string', title: 'Address' } }),
            way('Web hook', 'hook', { url: { type: 'string', title: 'Url' } }),
          ],
        },
      },
    },
  })

  await userEvent.click(await screen.findByLabelText(/^Channel/, CONTROL))
  await userEvent.click(screen.getByRole('option', { name: 'Web hook' }))
  await userEvent.type(screen.getByLabelText(/^Url/, CONTROL), 'x')

  expect(form.latest()).toEqual({ channel: { kind: 'hook', url: 'x' } })
})
