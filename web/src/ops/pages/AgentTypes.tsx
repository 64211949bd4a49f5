/** All agent types with their versions, and beginning a new one. */

import { Anchor, Button, Group, Select, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'

import { Empty, Loaded, Page } from '../../ui/Page'
import { agentTypesQuery, type AgentType } from '../authoring'
import { isAgentTypeId } from '../links'
import { momentColumn, Rows, stateColumn, type Column } from '../../ui/Rows'
import { useMay } from '../may'
import { Section } from '../Section'

const COLUMNS: readonly Column<AgentType>[] = [
  { label: 'Agent type', show: (one) => <TypeLink type={one} /> },
  { label: 'Version', show: (one) => one.version },
  stateColumn('State', (one) => one.state),
  { label: 'Goals', show: (one) => one.definition.goal_templates.length },
  momentColumn('Published', (one) => one.published_at, 'not yet'),
]

export function AgentTypes() {
  const types = useQuery(agentTypesQuery)
  const isAdmin = useMay('admin')
  return (
    <Page
      title="Agent types"
      about="An agent type is data: what customers configure, and what can be asked of it."
    >
      <Loaded
        of={types}
        empty={{
          when: ({ items }) => items.length === 0,
          show: <Empty title="There is no agent type yet" />,
        }}
      >
        {({ items }) => (
          <>
            <Rows
              caption="Agent types"
              items={items}
              keyOf={(one) => `${one.agent_type_id} ${one.version}`}
              columns={COLUMNS}
            />
            {isAdmin && <NewType known={[...new Set(items.map((one) => one.agent_type_id))]} />}
          </>
        )}
      </Loaded>
    </Page>
  )
}

function TypeLink({ type }: { type: AgentType }) {
  return (
    <>
      <Anchor
        component={Link}
        to="/agent-types/$id"
        params={{ id: type.agent_type_id } as never}
        underline="always"
      >
        {type.definition.display_name}
      </Anchor>
      <Text size="sm" c="dimmed">
        {type.agent_type_id}
      </Text>
    </>
  )
}

function NewType({ known }: { known: readonly string[] }) {
  const navigate = useNavigate()
  const [id, setId] = useState('')
  const [from, setFrom] = useState<string | null>(null)
  const [error, setError] = useState<string>()

  function submit(event: FormEvent) {
    event.preventDefault()
    if (!isAgentTypeId(id.trim()))
      return setError('Small letters with dots and a version, like research.news.v1')
    void navigate({
      to: '/agent-types/$id',
      params: { id: id.trim() } as never,
      search: (from === null ? {} : { from }) as never,
    })
  }

  return (
    <Section title="A new agent type" about="Nothing is stored before you save a draft of it.">
      <form onSubmit={submit}>
        <Group align="flex-start">
          <TextInput
            label="Id"
            placeholder="research.news.v1"
            value={id}
            error={error}
            onChange={(event) => setId(event.currentTarget.value)}
          />
          <Select label="Begin with a copy of" data={[...known]} clearable value={from} onChange={setFrom} />
          <Button type="submit" variant="default" mt={25}>
            Write it
          </Button>
        </Group>
      </form>
    </Section>
  )
}
