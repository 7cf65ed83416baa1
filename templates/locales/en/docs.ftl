# The readable page of the HTTP interface.

docs-title = HTTP interface
docs-lead = Version { $version }. The exam room uses the same calls that are described here.
docs-openapi = OpenAPI document
docs-contents = Contents
docs-fields = Fields
docs-answers = Answers
docs-problems = Problems
docs-problems-lead = Every problem document has one of these codes. The sentences are examples of what its detail says.
