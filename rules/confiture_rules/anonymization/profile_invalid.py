from collections.abc import Iterator

from confiture_linter.engine.context import Context
from confiture_linter.engine.profiles import AnonymizationProfile
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.anonymization.examples import CONFIG, TABLE


@rule(
    name="profile-invalid",
    subject=AnonymizationProfile,
    severity=Severity.ERROR,
    bad={
        "schema.sql": TABLE,
        "profiles/qa.yaml": "anonymization_profile: qa\nrules:\n  - table: w_account\n    columns: {email: {strategy: mask}}\n",
    },
    good={
        "schema.sql": TABLE,
        "profiles/qa.yaml": "anonymization_profile: qa\nstrategies: {mask: {type: email}}\n"
        "rules:\n  - table: w_account\n    columns: {email: {strategy: mask}}\n",
    },
    config=CONFIG,
    at="mask",
)
def profile_invalid(profile: AnonymizationProfile, ctx: Context) -> Iterator[Finding]:
    """An anonymization profile cannot be read, or names a strategy that is not there.

    `confiture-migrate anonymize` stops before the first row; better that the change which broke the profile stops.

    *Instead:* what the message says. `docs/anonymize.md` lists strategies and their options.
    """
    for problem in profile.problems:
        yield profile.finding(
            problem.message, span=profile.at(problem.line, problem.column), help=problem.hint
        )
