/** The versions of an agent type: drafts, published ones, retired ones. */

import { Text } from '@mantine/core'

import { ConfirmButton } from '../ui/ConfirmButton'
import { CopyText } from '../ui/CopyText'
import { useRetire, type AgentType } from './authoring'
import { momentColumn, Rows, stateColumn, type Column } from '../ui/Rows'
import { useMay } from './may'
import { Refusal } from './Refusal'
import { Section } from './Section'

const COLUMNS: readonly Column<AgentType>[] = [
  { label: 'Version', show: (one) => <Text size="sm">{one.version}</Text> },
  stateColumn('State', (one) => one.state),
  momentColumn('Made', (one) => one.created_at),
  momentColumn('Published', (one) => one.published_at, 'not yet'),
  { label: 'Content', show: (one) => <CopyText text={one.content_hash} short /> },
]

export function VersionTable({ id, versions }: { id: string; versions: readonly AgentType[] }) {
  const isAdmin = useMay('admin')
  const retiring: Column<AgentType> = {
    label: 'Act',
    show: (one) => one.state === 'published' && <Retire id={id} version={one.version} />,
  }
  return (
    <Section title="Versions" about="A published version never changes; a retired one is not hired any more.">
      <Rows
        caption="Versions"
        items={versions}
        keyOf={(one) => String(one.version)}
        columns={isAdmin ? [...COLUMNS, retiring] : COLUMNS}
        minWidth={760}
      />
    </Section>
  )
}

function Retire({ id, version }: { id: string; version: number }) {
  const retiring = useRetire(id)
  return (
    <>
      <ConfirmButton
        label="Retire"
        question={`Retire version ${version}?`}
        explain="Nobody hires it any more; agents that have it keep it. This cannot be undone: publish another version instead."
        danger
        size="xs"
        loading={retiring.isPending}
        onConfirm={() => retiring.mutate(version)}
      />
      <Refusal error={retiring.error} />
    </>
  )
}
