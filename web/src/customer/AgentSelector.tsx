/** Which agent the pages are about: kept in the address, so that it can be bookmarked and sent. */

import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useLocation, useNavigate } from '@tanstack/react-router'

import { useAgentNames, useChosenAgent } from './names'
import { myAgentsQuery } from './queries/agents'
import type { MyAgent } from './wire'

const ALL = 'all'

export function AgentSelector() {
  const chosen = useChosenAgent()
  const { data } = useQuery(myAgentsQuery())
  const names = useAgentNames()
  const navigate = useNavigate()
  const { pathname } = useLocation()
  const items = data?.items ?? []
  if (items.length === 0) return null

  function choose(value: string | null) {
    const item = items.find(({ subscription }) => subscription.subscription_id === value)
    const agent = item?.subscription.subscription_id
    void navigate({ to: pageOf(item, pathname), search: { agent } as never })
  }

  return (
    <Select
      aria-label="Agent"
      data={[
        { value: ALL, label: 'All agents' },
        ...items.map((item) => ({
          value: item.subscription.subscription_id,
          label: names.ofAgent(item),
        })),
      ]}
      value={items.some((item) => item.subscription.subscription_id === chosen) ? (chosen ?? ALL) : ALL}
      onChange={choose}
      allowDeselect={false}
      w={{ base: 132, sm: 220 }}
      comboboxProps={{ width: 240, position: 'bottom-end' }}
    />
  )
}

/** The same page of the other agent; what belongs to one agent alone gives way to the hub. */
function pageOf(item: MyAgent | undefined, pathname: string): string {
  const isOfOne = /^\/(agents|subscriptions)\//.test(pathname)
  if (!isOfOne) return pathname
  if (item === undefined) return '/'
  if (pathname.endsWith('/configure')) return `/subscriptions/${item.subscription.subscription_id}/configure`
  return item.agent && pathname.endsWith('/goals') ? `/agents/${item.agent.hired_instance_id}/goals` : '/'
}
