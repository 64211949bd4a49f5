/** One deliverable: exactly what would be sent, its price and risks, and the decision; afterwards what came of it. */

import { Anchor } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'

import { Loaded, Page } from '../../ui/Page'
import { StateBadge } from '../../ui/StateBadge'
import { useAgentNames } from '../names'
import { approvalOfQuery, deliverableQuery } from '../queries/deliverables'
import { ActionReview } from '../review/ActionReview'
import { kindOf, titleOf } from '../review/draftWords'
import { ReportReview } from '../review/ReportReview'

export function Review() {
  const { id = '' } = useParams({ strict: false }) as { id?: string }
  const found = useQuery(deliverableQuery(id))
  const approval = useQuery(approvalOfQuery(id))
  const names = useAgentNames()
  const deliverable = found.data
  const agent = names.ofInstance(deliverable?.hired_instance_id)

  function lookAgain() {
    void found.refetch()
    void approval.refetch()
  }

  return (
    <Page
      title={deliverable ? titleOf(deliverable) : 'Review'}
      about={deliverable && `${kindOf(deliverable)}${agent ? ` by ${agent}` : ''}`}
      actions={deliverable && <StateBadge state={deliverable.state} />}
    >
      <Loaded of={found}>
        {(one) =>
          one.draft ? (
            <ActionReview
              key={one.deliverable_id}
              deliverable={one}
              draft={one.draft}
              approval={approval.data}
              isCertain={!found.isError && !approval.isError && !approval.isPending}
              onLookAgain={lookAgain}
            />
          ) : (
            <ReportReview deliverable={one} />
          )
        }
      </Loaded>
      <Anchor component={Link} to="/review" underline="always">
        All drafts to review
      </Anchor>
    </Page>
  )
}
