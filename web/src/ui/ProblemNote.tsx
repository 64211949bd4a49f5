/** A refusal in words: what happened, what to do, and the ids that support asks for. */

import { Alert, Code, List, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'

import { ProblemError } from '../api/problem'
import { adviceFor } from './advice'

export function ProblemNote({ error }: { error: Error }) {
  if (!(error instanceof ProblemError)) {
    return (
      <Alert color="red" role="alert" icon={<IconAlertTriangle />} title="The page has a fault">
        {error.message}
      </Alert>
    )
  }
  const advice = adviceFor(error.reason)
  return (
    <Alert color="red" role="alert" icon={<IconAlertTriangle />} title={error.detail} className="anywhere">
      {error.errors.length > 0 && (
        <List size="sm">
          {error.errors.map((one) => (
            <List.Item key={one.field + one.message}>
              <Code>{one.field}</Code> {one.message}
            </List.Item>
          ))}
        </List>
      )}
      {error.riskCodes.length > 0 && <Text size="sm">Risk checks: {error.riskCodes.join(', ')}</Text>}
      {advice && <Text size="sm">{advice}</Text>}
      <Text size="xs" mt="xs">
        {error.reason}
        {error.correlationId && (
          <>
            {' · correlation id '}
            <Code>{error.correlationId}</Code>
          </>
        )}
        {error.decisionId && (
          <>
            {' · decision '}
            <Code>{error.decisionId}</Code>
          </>
        )}
      </Text>
    </Alert>
  )
}
