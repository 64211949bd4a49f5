/** The customers, by the ids that operators know them by; any other is opened by its id. */

import { Button, Group, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'

import { useList } from '../ui/Pager'
import { CustomerLink, isUuid } from './links'
import { ListTable } from './ListTable'
import { type Column } from '../ui/Rows'
import { customersPage, type CustomerOverview } from './queries'
import { Section } from './Section'

const COLUMNS: readonly Column<CustomerOverview>[] = [
  { label: 'Customer', show: (one) => <CustomerLink id={one.customer_id} /> },
  { label: 'Hired agents', show: (one) => one.hired_agents },
  { label: 'Drafts that wait', show: (one) => one.drafts_waiting },
]

export function CustomerList() {
  const list = useList(['customers'], customersPage)
  return (
    <Section title="Customers" about="By id: who they are is known to the customer portal alone.">
      <OpenCustomer />
      <ListTable
        caption="Customers"
        list={list}
        keyOf={(one) => one.customer_id}
        columns={COLUMNS}
        minWidth={360}
        empty={{ title: 'Nobody has hired or connected anything yet' }}
      />
    </Section>
  )
}

function OpenCustomer() {
  const navigate = useNavigate()
  const [id, setId] = useState('')
  const [error, setError] = useState<string>()

  function submit(event: FormEvent) {
    event.preventDefault()
    const wanted = id.trim().toLowerCase()
    if (!isUuid(wanted)) return setError('A customer’s id looks like 01890a5d-ac96-774b-bcce-b302099a8057.')
    void navigate({ to: '/customers/$id/assist', params: { id: wanted } as never })
  }

  return (
    <form onSubmit={submit}>
      <Group align="flex-start">
        <TextInput
          label="Customer id"
          flex={{ base: '1 1 100%', xs: '0 1 340px' }}
          value={id}
          error={error}
          onChange={(event) => setId(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" mt={{ base: 0, xs: 25 }}>
          Open
        </Button>
      </Group>
    </form>
  )
}
