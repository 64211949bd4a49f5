/** A part of a page with its own heading, and figures that lead on. */

import { Anchor, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

import { VisibleText } from '../ui/VisibleText'

interface SectionProps {
  title: string
  about?: ReactNode
  actions?: ReactNode
  children: ReactNode
}

export function Section({ title, about, actions, children }: SectionProps) {
  return (
    <Paper withBorder p="md" component="section">
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start">
          <div>
            <Title order={2} size="h4">
              <VisibleText text={title} />
            </Title>
            {about && (
              <Text size="sm" c="dimmed">
                {about}
              </Text>
            )}
          </div>
          {actions}
        </Group>
        {children}
      </Stack>
    </Paper>
  )
}

interface FigureProps {
  label: string
  value: ReactNode
  note?: ReactNode
  link?: { to: string; text: string }
}

export function Figure({ label, value, note, link }: FigureProps) {
  return (
    <Paper withBorder p="md" component="section">
      <Title order={2} size="sm" fw={600}>
        {label}
      </Title>
      <Text fz={30} fw={700} lh={1.3}>
        {value}
      </Text>
      {note && (
        <Text size="sm" c="dimmed">
          {note}
        </Text>
      )}
      {link && (
        <Anchor component={Link} to={link.to} size="sm" underline="always">
          {link.text}
        </Anchor>
      )}
    </Paper>
  )
}
