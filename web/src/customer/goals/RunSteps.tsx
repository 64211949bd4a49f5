/** What a run did, step by step, as its trace tells it. */

import { Code, Text, Title } from '@mantine/core'

import { Rows, stateColumn, type Column } from '../../ui/Rows'
import { VisibleText } from '../../ui/VisibleText'
import { isRecord } from '../review/body'

type Step = Record<string, unknown>

const COLUMNS: readonly Column<Step>[] = [
  { label: 'Step', show: (step) => textOf(step['step_id']) },
  { label: 'By', show: (step) => textOf(step['capability']) },
  stateColumn('State', (step) => textOf(step['status'])),
  { label: 'Note', show: (step) => <VisibleText text={textOf(step['error'] ?? step['skip_reason'])} /> },
]

export function RunSteps({ trace }: { trace: Record<string, unknown> | null | undefined }) {
  const stored = trace?.['steps']
  const steps = Array.isArray(stored) ? stored.filter(isRecord) : []
  if (steps.length === 0) return null
  return (
    <section aria-labelledby="steps">
      <Title order={2} size="h3" id="steps" mb="xs">
        What it did
      </Title>
      <Rows caption="Steps" items={steps} keyOf={(step) => textOf(step['step_id'])} columns={COLUMNS} />
      {typeof trace?.['run_hash'] === 'string' && (
        <Text size="sm" className="anywhere">
          Hash of the run: <Code>{trace['run_hash']}</Code>
        </Text>
      )}
    </section>
  )
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
