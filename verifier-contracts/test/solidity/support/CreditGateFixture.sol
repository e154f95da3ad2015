// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CreditGate} from "../../../contracts/examples/CreditGate.sol";
import {IModelRegistry} from "../../../contracts/interfaces/IModelRegistry.sol";
import {Statement} from "../../../contracts/libraries/Statement.sol";
import {ConsumerFixture} from "./ConsumerFixture.sol";

/// @title A funded credit gate, its attester and two borrowers
abstract contract CreditGateFixture is ConsumerFixture {
    uint256 internal constant COST = uint256(MODEL_PRICE) + WORKER_FEE + 100_000 * uint256(GAS_PRICE);

    CreditGate internal gate;
    bytes32 internal model;
    address internal attester;
    uint256 private _attesterKey;
    address internal borrower = makeAddr("borrower");
    address internal other = makeAddr("other");
    address internal lender = makeAddr("lender");

    function setUp() public virtual override {
        super.setUp();
        (attester, _attesterKey) = makeAddrAndKey("attester");
        model = registerModel(IModelRegistry.TensorSpec(8, 8, 1), IModelRegistry.TensorSpec(1, 2, 1));
        hoax(lender, 100 ether);
        gate = new CreditGate{value: 100 ether}(coprocessor, registry, model, attester, limits());
        deal(borrower, 10 ether);
        deal(other, 10 ether);
    }

    function ask(CreditGate.Attestation memory attestation) internal returns (bytes32) {
        bytes memory signature = sign(attestation);
        vm.prank(attestation.borrower);
        return gate.askForLimit{value: COST}(attestation, signature, offer());
    }

    function attestationFor(address borrower, uint256 nonce) internal view returns (CreditGate.Attestation memory) {
        return CreditGate.Attestation(borrower, 10, 20, 30, 40, uint64(vm.getBlockTimestamp() + 1 hours), nonce);
    }

    function sign(CreditGate.Attestation memory attestation) internal view returns (bytes memory) {
        return signWith(_attesterKey, attestation);
    }

    function signWith(uint256 key, CreditGate.Attestation memory attestation) internal view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, gate.attestationDigest(attestation));
        return abi.encodePacked(r, s, v);
    }

    function commitmentTo(uint256[] memory features) internal view returns (uint256) {
        IModelRegistry.TensorSpec memory spec = IModelRegistry.TensorSpec(8, 8, 1);
        return Statement.commitInput(coprocessor.POSEIDON(), spec, Statement.pack(spec, features), 0);
    }

    function offer() internal pure returns (CreditGate.Offer memory) {
        return CreditGate.Offer(MODEL_PRICE, WORKER_FEE, GAS_PRICE);
    }

    function limits() internal pure returns (uint128[] memory limits) {
        limits = new uint128[](3);
        (limits[1], limits[2]) = (1 ether, 5 ether);
    }
}
