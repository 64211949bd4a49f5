/** A deliverable without an action: it is read, and acknowledged. */

import { Button, Card, Stack, Text, Title } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'

import { ProblemNote } from '../../ui/ProblemNote'
import { useDecide } from '../queries/deliverables'
import type { Deliverable } from '../wire'
import { ReportBody } from './ReportBody'

export function ReportReview({ deliverable }: { deliverable: Deliverable }) {
  const acknowledge = useDecide()
  return (
    <Stack>
      <Card withBorder component="section" aria-labelledby="report">
        <Title order={2} size="h3" id="report" mb="sm">
          What it says
        </Title>
        <ReportBody body={deliverable.body} />
      </Card>
      {acknowledge.error && <ProblemNote error={acknowledge.error} />}
      {deliverable.state === 'pending_review' && (
        <Stack align="flex-start" gap="xs">
          <Text>There is nothing in it to be sent. Acknowledge it, and it is off your list.</Text>
          <Button
            leftSection={<IconCheck size={18} aria-hidden />}
            loading={acknowledge.isPending}
            onClick={() => acknowledge.mutate({ deliverable, decision: 'acknowledged' })}
          >
            I have read it
          </Button>
        </Stack>
      )}
      {deliverable.state === 'approved' && <Text>You have read it.</Text>}
    </Stack>
  )
}
