"""Certificates: proofs as files, made from problems of linrep and checked by the standard library alone."""

from proofs_check.certificates._listed import CERTIFIED as CERTIFIED
from proofs_check.certificates._transfer import certify_transfer as certify_transfer
from proofs_check.certificates.make import certify as certify
from proofs_check.certificates.make import certify_counting as certify_counting
from proofs_check.certificates.make import certify_pair as certify_pair
from proofs_check.certificates.make import certify_risk as certify_risk
from proofs_check.certificates.make import certify_vacuity as certify_vacuity
from proofs_check.certificates.make import save_certificate as save_certificate
from proofs_check.certificates.make import verify_certificate as verify_certificate
