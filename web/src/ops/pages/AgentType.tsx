/** One agent type: its versions, and writing the next one. */

import { useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'

import { Loaded, Page, Waiting } from '../../ui/Page'
import { agentTypesQuery, versionsQuery, type AgentType as Version, type Definition } from '../authoring'
import { DefinitionEditor } from '../DefinitionEditor'
import { blankDefinition } from '../blankDefinition'
import { WholeId } from '../links'
import { VersionTable } from '../VersionTable'

export function AgentType() {
  const { id = '' } = useParams({ strict: false }) as { id?: string }
  const { from } = useSearch({ strict: false }) as { from?: string }
  const versions = useQuery(versionsQuery(id))
  const others = useQuery({ ...agentTypesQuery, enabled: from !== undefined })
  return (
    <Page title="Agent type" about="What it says here is all that the platform knows of it.">
      <WholeId label="Id" id={id} />
      <Loaded of={versions}>
        {({ items }) =>
          from !== undefined && others.isPending ? (
            <Waiting />
          ) : (
            <Versions id={id} versions={items} template={newest(others.data?.items, from)} />
          )
        }
      </Loaded>
    </Page>
  )
}

function newest(all: readonly Version[] | undefined, id: string | undefined): Definition | undefined {
  return byVersion((all ?? []).filter((one) => one.agent_type_id === id))[0]?.definition
}

function byVersion(versions: readonly Version[]): Version[] {
  return [...versions].sort((one, other) => other.version - one.version)
}

interface VersionsProps {
  id: string
  versions: readonly Version[]
  template: Definition | undefined
}

function Versions({ id, versions, template }: VersionsProps) {
  const newestFirst = byVersion(versions)
  const draft = newestFirst.find(({ state }) => state === 'draft')
  const published = newestFirst.find(({ state }) => state === 'published')
  const start = draft?.definition ?? published?.definition ?? newestFirst[0]?.definition
  return (
    <>
      {newestFirst.length > 0 && <VersionTable id={id} versions={newestFirst} />}
      <DefinitionEditor
        id={id}
        start={start ?? blankDefinition(id, template)}
        draft={draft}
        published={published}
      />
    </>
  )
}
