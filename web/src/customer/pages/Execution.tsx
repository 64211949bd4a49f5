/** One execution: from the approval to what came of it, with its receipt. */

import { Anchor, Card, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'

import { Loaded, Page } from '../../ui/Page'
import { inWords } from '../../ui/StateBadge'
import { providerName } from '../connections/platforms'
import { ExecutionView } from '../executions/ExecutionView'
import { approvalQuery, deliverableQuery } from '../queries/deliverables'
import { executionQuery } from '../queries/evidence'
import { titleOf } from '../review/draftWords'

export function Execution() {
  const { id = '' } = useParams({ strict: false }) as { id?: string }
  const execution = useQuery(executionQuery(id))
  const found = execution.data
  const approval = useQuery({ ...approvalQuery(found?.approval_id ?? ''), enabled: found !== undefined })
  const deliverable = useQuery({
    ...deliverableQuery(found?.deliverable_id ?? ''),
    enabled: found !== undefined,
  })
  return (
    <Page
      title={deliverable.data ? titleOf(deliverable.data) : 'Execution'}
      about={found && `${inWords(found.kind)} at ${providerName(found.provider)}`}
    >
      <Loaded of={execution}>
        {(one) => (
          <>
            <Card withBorder component="section" aria-labelledby="outcome">
              <Title order={2} size="h3" id="outcome" mb="sm">
                What came of it
              </Title>
              <ExecutionView execution={one} approval={approval.data} />
            </Card>
            <Anchor component={Link} to={`/deliverables/${one.deliverable_id}`} underline="always">
              What was approved
            </Anchor>
          </>
        )}
      </Loaded>
      <Anchor component={Link} to="/executions" underline="always">
        All executions
      </Anchor>
    </Page>
  )
}
