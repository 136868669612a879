"""The vetted answer: ordered steps, hashes, findings and waivers, as one value and one deterministic document."""

from confiture_migrator.plan.document import load_plan, plan_bytes
from confiture_migrator.plan.values import Plan, PlannedMigration, PlanSettings, Risk, Step, Waiver

__all__ = [
    "Plan",
    "PlanSettings",
    "PlannedMigration",
    "Risk",
    "Step",
    "Waiver",
    "load_plan",
    "plan_bytes",
]
