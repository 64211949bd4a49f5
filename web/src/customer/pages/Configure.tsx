/** Configuring an agent: a form made wholly of its type's schema, in the version that the agent is pinned to. */

import { Anchor } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'

import { Empty, Loaded, Page } from '../../ui/Page'
import { ConfigForm } from '../configure/ConfigForm'
import { UpgradeCard } from '../configure/UpgradeCard'
import { useAgentNames } from '../names'
import { agentTypeQuery, hiredBySubscriptionQuery, myAgentsQuery } from '../queries/agents'
import type { HiredAgent, MyAgent } from '../wire'

export function Configure() {
  const { subscription = '' } = useParams({ strict: false }) as { subscription?: string }
  const agents = useQuery(myAgentsQuery(subscription))
  const names = useAgentNames()
  const item = agents.data?.items.find((one) => one.subscription.subscription_id === subscription)
  return (
    <Page title={item ? `Configure ${names.ofAgent(item)}` : 'Configure'}>
      <Loaded of={agents}>{() => (item ? <OfAgent key={subscription} item={item} /> : <NotThere />)}</Loaded>
    </Page>
  )
}

function OfAgent({ item }: { item: MyAgent }) {
  const isKnown = item.agent !== null
  const hired = useQuery({
    ...hiredBySubscriptionQuery(item.subscription.subscription_id),
    enabled: isKnown,
  })
  if (!isKnown) return <OfVersion item={item} agent={null} />
  return <Loaded of={hired}>{(agent) => <OfVersion item={item} agent={agent} />}</Loaded>
}

function OfVersion({ item, agent }: { item: MyAgent; agent: HiredAgent | null }) {
  const { agent_type_id, subscription_id } = item.subscription
  const pinned = useQuery(agentTypeQuery(agent_type_id, agent?.agent_type_version))
  const newest = useQuery(agentTypeQuery(agent_type_id))
  const isBehind =
    agent !== null && newest.data !== undefined && newest.data.version > agent.agent_type_version
  return (
    <Loaded of={pinned}>
      {(type) => (
        <>
          {isBehind && newest.data && <UpgradeCard agent={agent} newest={newest.data} />}
          <ConfigForm subscriptionId={subscription_id} type={type} agent={agent} />
        </>
      )}
    </Loaded>
  )
}

function NotThere() {
  return (
    <Empty title="There is no such agent of yours">
      <Anchor component={Link} to="/" underline="always">
        To your agents
      </Anchor>
    </Empty>
  )
}
