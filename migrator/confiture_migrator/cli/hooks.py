"""`confiture-migrate hooks`."""

from collections.abc import Sequence

from confiture_migrator.cli import options
from confiture_migrator.cli.exit_code import ExitCode
from confiture_migrator.cli.render import document
from confiture_migrator.hooks import HookPhase
from confiture_migrator.hooks.registry import describe_hook, hook_names
from confiture_migrator.plan.build import configured_hooks

_EXAMPLES = """\
  confiture-migrate hooks
  confiture-migrate hooks --format json"""


def run(arguments: Sequence[str]) -> int:
    """List the hooks there are, and those that run for every migration."""
    made = options.parser(
        "hooks", "List the hooks: built in, of packages, and those configured for every migration.", _EXAMPLES
    )
    options.format_option(made, "text", "json")
    given = options.parse(made, arguments)
    configured = configured_hooks(options.configuration(given))
    known = [(name, *describe_hook(name)) for name in hook_names()]
    if given.format == "json":
        hooks = [{"name": name, "origin": origin, "description": told} for name, origin, told in known]
        declared = [
            {"phase": hook.phase, "type": hook.type, "description": hook.description} for hook in configured
        ]
        options.write(
            document({"hooks": hooks, "phases": [phase.value for phase in HookPhase], "configured": declared})
        )
        return ExitCode.OK
    width = max(len(name) for name, _, _ in known)
    lines = [
        f"{name:{width}}  {told}" + (f" ({origin})" if origin != "built in" else "")
        for name, origin, told in known
    ]
    lines += ["", "phases: " + ", ".join(HookPhase)]
    lines += [f"for every migration: {hook.type} in {hook.phase}" for hook in configured]
    options.write("\n".join(lines) + "\n")
    return ExitCode.OK
