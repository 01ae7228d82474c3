import { Button, Code, Group, Stack, Text, Title } from '@mantine/core';
import { Component, type ErrorInfo, type ReactNode } from 'react';

type Props = { readonly children: ReactNode };
type State = { readonly error: Error | undefined; readonly components: string };

/** Shows what broke, with both stacks, instead of an empty page. The library itself lies in storage, untouched. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: undefined, components: '' };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override componentDidCatch(_: unknown, { componentStack }: ErrorInfo): void {
    this.setState({ components: componentStack ?? '' });
  }

  override render(): ReactNode {
    const { error, components } = this.state;
    if (!error) return this.props.children;
    const report = `${error.stack ?? String(error)}\n${components}`;
    return (
      <Stack p="lg" maw={880} role="alert">
        <Title order={2}>This page broke</Title>
        <Text>Your library is untouched. Reload to go on; if it happens again, the report below says where.</Text>
        <Group>
          <Button onClick={() => location.reload()}>Reload</Button>
          <Button variant="default" onClick={() => this.setState({ error: undefined })}>
            Try again
          </Button>
          <Button variant="default" onClick={() => void navigator.clipboard.writeText(report)}>
            Copy report
          </Button>
        </Group>
        <Code block tabIndex={0} aria-label="Report">
          {report}
        </Code>
      </Stack>
    );
  }
}
