/** Choosing what to stop, and stopping it. */

import { Button, Group, Select, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconHandStop } from '@tabler/icons-react'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'

import {
  coverage,
  SCOPE_KINDS,
  scopeOf,
  scopeText,
  useKillSwitch,
  type Scope,
  type ScopeKind,
} from './killSwitches'
import { ReasonDialog } from './ReasonDialog'
import { Section } from './Section'

export function EngageSwitch() {
  const { scope: asked } = useSearch({ strict: false }) as { scope?: string }
  const [wanted, setWanted] = useState<Scope>(() => scopeOf(asked ?? 'platform'))
  const [isOpen, { open, close }] = useDisclosure()
  const setting = useKillSwitch(close)
  const scope = scopeText(wanted)
  const isWhole = wanted.kind === 'platform' || wanted.of.trim() !== ''
  return (
    <Section title="Stop something" about="When it returns, nothing of it is sent any more.">
      <ScopeFields scope={wanted} onChange={setWanted} />
      <Group>
        <Button
          color="red.9"
          leftSection={<IconHandStop size={18} aria-hidden />}
          disabled={!isWhole}
          onClick={open}
        >
          Engage …
        </Button>
      </Group>
      <ReasonDialog
        title="Engage the kill switch?"
        explain={`This stops ${coverage(scope)}. Orders that wait are vetoed; customers approve them anew later. It may take some seconds, until no sender is under way.`}
        action="Stop it"
        danger
        isOpen={isOpen}
        isLoading={setting.isPending}
        error={setting.error}
        onClose={() => {
          close()
          setting.reset()
        }}
        onConfirm={(reason) => setting.mutate({ scope, engaged: true, reason })}
      />
    </Section>
  )
}

function ScopeFields({ scope, onChange }: { scope: Scope; onChange: (scope: Scope) => void }) {
  const kind = SCOPE_KINDS.find(({ value }) => value === scope.kind)
  return (
    <Group align="flex-end">
      <Select
        label="What to stop"
        data={SCOPE_KINDS.map(({ value, label }) => ({ value, label }))}
        allowDeselect={false}
        value={scope.kind}
        onChange={(chosen) => onChange({ kind: chosen as ScopeKind, of: '' })}
      />
      {kind?.of && (
        <TextInput
          label={kind.of}
          miw={{ base: '100%', xs: 340 }}
          value={scope.of}
          onChange={(event) => onChange({ ...scope, of: event.currentTarget.value })}
        />
      )}
    </Group>
  )
}
