/** What a run did, step by step, as its trace tells it. */

import { Code, Table, Text, Title } from '@mantine/core'

import { StateBadge } from '../../ui/StateBadge'
import { isRecord } from '../review/body'

export function RunSteps({ trace }: { trace: Record<string, unknown> | null | undefined }) {
  const stored = trace?.['steps']
  const steps = Array.isArray(stored) ? stored.filter(isRecord) : []
  if (steps.length === 0) return null
  return (
    <section aria-labelledby="steps">
      <Title order={2} size="h3" id="steps" mb="xs">
        What it did
      </Title>
      <Table.ScrollContainer minWidth={480}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Step</Table.Th>
              <Table.Th scope="col">By</Table.Th>
              <Table.Th scope="col">State</Table.Th>
              <Table.Th scope="col">Note</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {steps.map((step, index) => (
              <StepRow key={index} step={step} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {typeof trace?.['run_hash'] === 'string' && (
        <Text size="sm" className="anywhere">
          Hash of the run: <Code>{trace['run_hash']}</Code>
        </Text>
      )}
    </section>
  )
}

function StepRow({ step }: { step: Record<string, unknown> }) {
  return (
    <Table.Tr>
      <Table.Td>{textOf(step['step_id'])}</Table.Td>
      <Table.Td>{textOf(step['capability'])}</Table.Td>
      <Table.Td>
        <StateBadge state={textOf(step['status'])} />
      </Table.Td>
      <Table.Td className="anywhere">{textOf(step['error'] ?? step['skip_reason'])}</Table.Td>
    </Table.Tr>
  )
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
