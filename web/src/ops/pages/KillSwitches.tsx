/** The switches that stop everything they cover: which are engaged, by whom, why; engaging and releasing. */

import { Button, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconCircleCheck, IconHandStop } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'

import { Empty, Loaded, Page } from '../../ui/Page'
import { Actor } from '../Actor'
import { EngageSwitch } from '../EngageSwitch'
import { coverage, useKillSwitch } from '../killSwitches'
import { momentColumn, Rows } from '../../ui/Rows'
import { useMay } from '../may'
import { killSwitchesQuery, type KillSwitch } from '../queries'
import { ReasonDialog } from '../ReasonDialog'
import { Section } from '../Section'

export function KillSwitches() {
  const switches = useQuery(killSwitchesQuery)
  const mayAct = useMay('operator')
  return (
    <Page
      title="Kill switches"
      about="What an engaged switch covers is not sent; drafts and reading go on. When in doubt, engage."
    >
      {mayAct && <EngageSwitch />}
      <Section title="Switches">
        <Loaded
          of={switches}
          empty={{
            when: ({ items }) => items.length === 0,
            show: <Empty title="No switch was ever used: nothing is stopped" />,
          }}
        >
          {({ items }) => <Switches switches={items} mayAct={mayAct} />}
        </Loaded>
      </Section>
    </Page>
  )
}

function Switches({ switches, mayAct }: { switches: readonly KillSwitch[]; mayAct: boolean }) {
  const engagedFirst = [...switches].sort((one, other) => Number(other.engaged) - Number(one.engaged))
  return (
    <Rows
      caption="Kill switches"
      items={engagedFirst}
      keyOf={(one) => one.scope}
      minWidth={760}
      columns={[
        { label: 'Stops', show: (one) => <Text size="sm">{coverage(one.scope)}</Text> },
        { label: 'State', show: (one) => <SwitchState engaged={one.engaged} /> },
        { label: 'Reason', show: (one) => <Text size="sm">{one.reason}</Text> },
        { label: 'By', show: (one) => <Actor actor={one.actor} /> },
        momentColumn('Since', (one: KillSwitch) => one.changed_at),
        { label: 'Act', show: (one) => one.engaged && mayAct && <Release scope={one.scope} /> },
      ]}
    />
  )
}

function SwitchState({ engaged }: { engaged: boolean }) {
  const Icon = engaged ? IconHandStop : IconCircleCheck
  return (
    <Group gap={6} wrap="nowrap">
      <Icon size={18} aria-hidden />
      <Text size="sm" fw={engaged ? 700 : 400}>
        {engaged ? 'engaged' : 'released'}
      </Text>
    </Group>
  )
}

function Release({ scope }: { scope: string }) {
  const [isOpen, { open, close }] = useDisclosure()
  const setting = useKillSwitch(close)
  return (
    <>
      <Button
        size="xs"
        variant="default"
        onClick={open}
        aria-label={`Release the switch for ${coverage(scope)}`}
      >
        Release
      </Button>
      <ReasonDialog
        title="Release the kill switch?"
        explain={`From then on ${coverage(scope)} may be sent again, where it is approved. Orders that were vetoed meanwhile stay so.`}
        action="Release"
        isOpen={isOpen}
        isLoading={setting.isPending}
        error={setting.error}
        onClose={() => {
          close()
          setting.reset()
        }}
        onConfirm={(reason) => setting.mutate({ scope, engaged: false, reason })}
      />
    </>
  )
}
