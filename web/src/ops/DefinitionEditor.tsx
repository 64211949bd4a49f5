/** Writing a definition: the text, what is wrong with it, the forms that it makes, and what it changes. */

import { SimpleGrid, Stack } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'

import { useReport, type AgentType, type Definition, type VersionState } from './authoring'
import { DefinitionActs } from './DefinitionActs'
import { DefinitionPreview } from './DefinitionPreview'
import { DefinitionText } from './DefinitionText'
import { differences, isWithin } from './differences'
import { DifferenceList } from './DifferenceList'
import type { Facts } from './Facts'
import { readJson } from './jsonText'
import { useMay } from './may'
import { Refusal } from './Refusal'
import { objectIn } from './schemaTitles'
import { Section } from './Section'

const PAUSE_MS = 600

interface DefinitionEditorProps {
  id: string
  start: Definition
  draft: AgentType | undefined
  published: AgentType | undefined
}

export function DefinitionEditor({ id, start, draft, published }: DefinitionEditorProps) {
  const mayCheck = useMay('operator')
  const mayWrite = useMay('admin')
  const [text, setText] = useState(() => JSON.stringify(start, null, 2))
  const [settled] = useDebouncedValue(text, PAUSE_MS)
  const read = readJson(settled)
  const definition = read.broken ? undefined : objectIn(read.value)
  const report = useReport(mayCheck ? definition : undefined)
  return (
    <>
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <div>
          <Section title="Definition" about={mayWrite ? 'Checked whenever you pause.' : 'Admins change it.'}>
            <Stack gap="sm">
              <DefinitionText
                text={text}
                onChange={setText}
                read={read}
                report={report.data}
                isChecking={report.isFetching || settled !== text}
                isReadOnly={!mayWrite}
              />
              <Refusal error={report.error} />
              {mayWrite && (
                <DefinitionActs
                  id={id}
                  definition={settled === text ? definition : undefined}
                  saved={savedAs(definition, draft, published)}
                  isValid={report.data?.valid === true}
                />
              )}
            </Stack>
          </Section>
        </div>
        <div>
          <DefinitionPreview definition={definition} />
        </div>
      </SimpleGrid>
      {definition && published && (
        <Section title={`Against version ${published.version}, which is published`}>
          <DifferenceList found={differences(objectIn(published.definition), definition)} />
        </Section>
      )}
    </>
  )
}

function savedAs(
  definition: Facts | undefined,
  draft: AgentType | undefined,
  published: AgentType | undefined,
): VersionState | undefined {
  return [draft, published].find(
    (one) => one && definition !== undefined && isWithin(definition, one.definition),
  )?.state
}
