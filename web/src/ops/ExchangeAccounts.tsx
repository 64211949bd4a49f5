/** The exchange accounts that operators keep for a customer: connect, replace, test, delete. */

import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'

import { ConfirmButton } from '../ui/ConfirmButton'
import { CopyText } from '../ui/CopyText'
import { Moment } from '../ui/Moment'
import { Empty, Loaded } from '../ui/Page'
import { useDeleteSetup, useTestSetup } from './exchangeAccounts'
import { ExchangeSetupForm } from './ExchangeSetupForm'
import { Rows } from '../ui/Rows'
import { exchangeSetupsQuery, type ExchangeSetup } from './queries'
import { Refusal } from './Refusal'
import { Section } from './Section'

export function ExchangeAccounts({ customerId }: { customerId: string }) {
  const setups = useQuery(exchangeSetupsQuery(customerId))
  return (
    <Section
      title="Exchange accounts"
      about="Kept in this portal’s vault. Those that the customer connected are in theirs, and are not shown here."
      actions={<SetupDialog customerId={customerId} label="Connect an account" />}
    >
      <Loaded
        of={setups}
        empty={{
          when: ({ items }) => items.length === 0,
          show: <Empty title="Operators keep none for this customer" />,
        }}
      >
        {({ items }) => <Setups setups={items} customerId={customerId} />}
      </Loaded>
    </Section>
  )
}

function Setups({ setups, customerId }: { setups: readonly ExchangeSetup[]; customerId: string }) {
  return (
    <Rows
      caption="Exchange accounts"
      items={setups}
      keyOf={(one) => one.credential_ref}
      minWidth={860}
      columns={[
        { label: 'Reference', show: (one) => <CopyText text={one.credential_ref} short /> },
        {
          label: 'Key',
          show: (one) => <Text size="sm">{`${one.exchange_provider}, ends in ${one.api_key_last4}`}</Text>,
        },
        { label: 'Coins', show: (one) => <Text size="sm">{one.allowed_coins.join(', ')}</Text> },
        { label: 'Limits', show: (one) => <Limits setup={one} /> },
        {
          label: 'Last used',
          show: (one) => (one.last_used_at ? <Moment at={one.last_used_at} /> : 'never'),
        },
        { label: 'Act', show: (one) => <Acts setup={one} customerId={customerId} /> },
      ]}
    />
  )
}

function Limits({ setup }: { setup: ExchangeSetup }) {
  return (
    <Text size="sm">
      {setup.max_units_per_order} units an order
      {setup.max_notional_inr !== null && `, ${setup.max_notional_inr} INR`}
    </Text>
  )
}

function Acts({ setup, customerId }: { setup: ExchangeSetup; customerId: string }) {
  const testing = useTestSetup()
  const deleting = useDeleteSetup()
  const ref = setup.credential_ref
  return (
    <Stack gap="xs">
      <Group gap="xs" wrap="nowrap">
        <Button size="xs" variant="default" loading={testing.isPending} onClick={() => testing.mutate(ref)}>
          Test
        </Button>
        <SetupDialog customerId={customerId} label="Replace" known={setup} />
        <ConfirmButton
          label="Delete"
          question="Delete this exchange account?"
          explain="Its key is destroyed, agents that use it stop working, and approvals that wait for it cannot be carried out."
          danger
          size="xs"
          loading={deleting.isPending}
          onConfirm={() => deleting.mutate(ref)}
        />
      </Group>
      {testing.data && <TestResult ok={testing.data.ok} detail={testing.data.detail} />}
      <Refusal error={testing.error ?? deleting.error} />
    </Stack>
  )
}

function TestResult({ ok, detail }: { ok: boolean; detail: string }) {
  const Icon = ok ? IconCircleCheck : IconAlertTriangle
  return (
    <Group gap={6} wrap="nowrap" role="status">
      <Icon size={18} aria-hidden />
      <Text size="sm">
        {ok ? 'It works. ' : 'It does not work. '}
        {detail}
      </Text>
    </Group>
  )
}

interface SetupDialogProps {
  customerId: string
  label: string
  known?: ExchangeSetup
}

function SetupDialog({ customerId, label, known }: SetupDialogProps) {
  const [isOpen, { open, close }] = useDisclosure()
  return (
    <>
      <Button size="xs" variant="default" onClick={open} aria-haspopup="dialog">
        {label}
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={known ? 'Replace the key and limits' : 'Connect an exchange account'}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <ExchangeSetupForm customerId={customerId} known={known} onDone={close} />
      </Modal>
    </>
  )
}
