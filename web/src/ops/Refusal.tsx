/** A refusal as operators need it: in words, with the way to everything that is on record of it. */

import { Stack, Text } from '@mantine/core'

import { ProblemError } from '../api/problem'
import { ProblemNote } from '../ui/ProblemNote'
import { CorrelationLink } from './links'

export function Refusal({ error }: { error: Error | null }) {
  if (error === null) return null
  const id = error instanceof ProblemError ? error.correlationId : undefined
  return (
    <Stack gap={4} style={{ overflowWrap: 'anywhere' }}>
      <ProblemNote error={error} />
      {id && (
        <Text size="sm" component="div">
          Follow this request: <CorrelationLink id={id} />
        </Text>
      )}
    </Stack>
  )
}
