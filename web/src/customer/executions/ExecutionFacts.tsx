/** What an execution came to: fills, fees, where it can be found, and the ids to ask about it. */

import { Anchor } from '@mantine/core'
import type { ReactNode } from 'react'

import { CopyText } from '../../ui/CopyText'
import { Moment } from '../../ui/Moment'
import { safeLink } from '../../ui/safeLink'
import { VisibleText } from '../../ui/VisibleText'
import { providerName } from '../connections/platforms'
import type { Execution, PostReceipt } from '../wire'

export function ExecutionFacts({ execution }: { execution: Execution }) {
  const isPost = execution.kind === 'publish_post'
  return (
    <dl className="fields">
      <Fact name="Sent to">{providerName(execution.provider)}</Fact>
      {!isPost && <Fact name="Filled">{execution.filled_size} contracts</Fact>}
      {!isPost && (
        <Fact name="Average price, in the quote currency">{execution.average_price ?? 'none yet'}</Fact>
      )}
      {!isPost && <Fact name="Fees, in the settling currency">{execution.fees ?? 'none yet'}</Fact>}
      {execution.receipt && <ReceiptFacts receipt={execution.receipt} />}
      <Fact name="Looked up there to make sure">{execution.verified ? 'yes' : 'not yet'}</Fact>
      {execution.broker_order_ids.map((id) => (
        <Fact key={id} name="Number there">
          <CopyText text={id} />
        </Fact>
      ))}
      <Fact name="Our number there">
        <CopyText text={execution.client_order_id} />
      </Fact>
      <Fact name="Execution">
        <CopyText text={execution.execution_id} />
      </Fact>
      <Fact name="Hash of what was approved">
        <CopyText text={execution.action_hash} short />
      </Fact>
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function ReceiptFacts({ receipt }: { receipt: PostReceipt }) {
  return (
    <>
      <Fact name="Published">
        <Moment at={receipt.at} />
      </Fact>
      <Fact name="The post is at">
        <PostAddress url={receipt.url} />
      </Fact>
      <Fact name={`Its id at ${providerName(receipt.platform)}`}>
        <CopyText text={receipt.post_id} />
      </Fact>
    </>
  )
}

function PostAddress({ url }: { url: string | null }) {
  const link = safeLink(url)
  if (url === null) return 'no address: the platform tells none'
  if (link === undefined) {
    return (
      <>
        <VisibleText text={url} /> (not a web address, so not a link)
      </>
    )
  }
  return (
    <Anchor href={link} target="_blank" rel="noopener noreferrer" underline="always" className="anywhere">
      {link}
    </Anchor>
  )
}
