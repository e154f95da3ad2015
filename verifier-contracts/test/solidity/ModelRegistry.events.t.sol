// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Groth16Verifier} from "../../contracts/Groth16Verifier.sol";
import {ModelRegistry} from "../../contracts/ModelRegistry.sol";
import {IGuardedRoles} from "../../contracts/interfaces/IGuardedRoles.sol";
import {IModelRegistry} from "../../contracts/interfaces/IModelRegistry.sol";
import {SimulatedProver} from "./support/SimulatedProver.sol";
import {Test} from "./support/Test.sol";
import {Vm} from "./support/Vm.sol";

/// @dev What an indexer would hold after reading the registry's events in order.
contract RegistryReplica {
    struct Replica {
        IModelRegistry.Model model;
        bool heldByOwner;
        bool heldByGuardian;
    }

    struct Announcement {
        bool listed;
        uint96 amount;
        uint64 effectiveAt;
    }

    address public guardian;
    mapping(uint256 chainId => bool) public admitsDevelopment;
    mapping(bytes32 modelId => Replica) private _models;
    mapping(bytes32 modelId => mapping(address token => Announcement[])) private _announcements;

    function read(Vm.Log calldata log) external {
        bytes32 kind = log.topics[0];
        if (kind == IGuardedRoles.GuardianChanged.selector) {
            guardian = address(uint160(uint256(log.topics[1])));
        } else if (kind == IModelRegistry.DevelopmentChainAdmitted.selector) {
            admitsDevelopment[uint256(log.topics[1])] = true;
        } else if (kind == IModelRegistry.ModelRegistered.selector) {
            _readModel(log);
        } else if (kind == IModelRegistry.PriceSet.selector) {
            _announcements[log.topics[1]][address(
                    uint160(uint256(log.topics[2]))
                )].push(abi.decode(log.data, (Announcement)));
        } else if (kind == IModelRegistry.ModelStateChanged.selector) {
            Replica storage replica = _models[log.topics[1]];
            (replica.model.state, replica.heldByOwner, replica.heldByGuardian) =
                abi.decode(log.data, (IModelRegistry.ModelState, bool, bool));
        } else {
            revert("unknown event");
        }
    }

    function get(bytes32 modelId) external view returns (Replica memory) {
        return _models[modelId];
    }

    /// @dev The last announcement in force, of those that no later one replaced before it came into force.
    function price(bytes32 modelId, address token) external view returns (bool listed, uint96 amount) {
        Announcement[] storage list = _announcements[modelId][token];
        uint64 noticePeriod = 1 days;
        for (uint256 i = 0; i < list.length; ++i) {
            uint64 announcedAt = i + 1 < list.length ? list[i + 1].effectiveAt - noticePeriod : type(uint64).max;
            bool replaced = announcedAt < list[i].effectiveAt;
            if (!replaced && block.timestamp >= list[i].effectiveAt) {
                (listed, amount) = (list[i].listed, list[i].amount);
            }
        }
    }

    function _readModel(Vm.Log calldata log) private {
        IModelRegistry.Model memory model;
        model.state = IModelRegistry.ModelState.Active;
        model.owner = address(uint160(uint256(log.topics[2])));
        (model.keyHash, model.identity, model.royalty, model.metadataUri) =
            abi.decode(log.data, (bytes32, IModelRegistry.ModelIdentity, IModelRegistry.Royalty, string));
        require(model.identity.modelDigest == log.topics[3], "the digest is a topic too");
        _models[log.topics[1]].model = model;
    }
}

contract ModelRegistryEventsTest is Test {
    address private _admin = makeAddr("admin");
    address private _token = makeAddr("token");
    address[4] private _callers = [makeAddr("first"), makeAddr("second"), makeAddr("guardian"), _admin];

    ModelRegistry private _registry;
    RegistryReplica private _replica;
    bytes[2] private _keys;
    bytes32[] private _ids;

    function setUp() public {
        vm.warp(1_800_000_000);
        _keys = [new SimulatedProver(3, 1).key(), new SimulatedProver(3, 2).key()];
        _replica = new RegistryReplica();
        Groth16Verifier verifier = new Groth16Verifier();
        uint256[] memory chains = new uint256[](2);
        (chains[0], chains[1]) = (31337, 1337);
        vm.recordLogs();
        _registry = new ModelRegistry(verifier, chains, _admin, _callers[2]);
    }

    function testFuzz_the_whole_state_can_be_rebuilt_from_the_events(uint256[24] memory seeds) public {
        for (uint256 i = 0; i < 3; ++i) {
            _register(i);
        }
        for (uint256 i = 0; i < seeds.length; ++i) {
            _act(seeds[i]);
        }
        _readLogs();
        _compare();
        vm.warp(block.timestamp + 1 days);
        _compare();
    }

    function _register(uint256 i) private {
        IModelRegistry.ModelIdentity memory identity;
        identity.modelDigest = bytes32(i + 1);
        identity.circuitDigest = bytes32(i + 2);
        identity.transcriptHash = bytes32(i); // The first is a development model.
        identity.inputSpec = IModelRegistry.TensorSpec(4, 8, 1);
        identity.outputSpec = IModelRegistry.TensorSpec(1, 8, 1);
        IModelRegistry.TokenPrice[] memory prices = new IModelRegistry.TokenPrice[](1);
        prices[0].amount = uint96(i);
        vm.chainId(31337);
        vm.prank(_callers[i % 2]);
        _ids.push(
            _registry.register(identity, _keys[i % 2], prices, IModelRegistry.Royalty(_token, uint16(i)), "ipfs://m")
        );
    }

    /// @dev A random action by a random caller; those that are refused change nothing.
    function _act(uint256 seed) private {
        bytes32 id = _ids[seed % _ids.length];
        address caller = _callers[(seed >> 8) % _callers.length];
        uint256 action = (seed >> 16) % 10;
        bytes memory call;
        if (action < 2) call = abi.encodeCall(IModelRegistry.freeze, (id));
        else if (action < 4) call = abi.encodeCall(IModelRegistry.unfreeze, (id));
        else if (action == 4 && seed >> 24 & 3 == 0) call = abi.encodeCall(IModelRegistry.tombstone, (id));
        else if (action == 5) call = abi.encodeCall(IGuardedRoles.setGuardian, (_callers[(seed >> 32) % 4]));
        else call = _priceCall(id, seed >> 40);
        vm.prank(caller);
        (bool accepted,) = address(_registry).call(call);
        if (accepted) vm.warp(block.timestamp + (seed >> 200) % 1 days);
    }

    function _priceCall(bytes32 id, uint256 seed) private view returns (bytes memory) {
        address token = seed & 1 == 0 ? _token : address(0);
        return abi.encodeCall(IModelRegistry.setPrice, (id, token, seed & 6 != 0, uint96(seed >> 8)));
    }

    function _readLogs() private {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].emitter == address(_registry)) _replica.read(logs[i]);
        }
    }

    function _compare() private view {
        assertEq(_replica.guardian(), _registry.guardian());
        assertTrue(_replica.admitsDevelopment(31337) && _replica.admitsDevelopment(1337));
        for (uint256 i = 0; i < _ids.length; ++i) {
            RegistryReplica.Replica memory replica = _replica.get(_ids[i]);
            assertEq(abi.encode(replica.model), abi.encode(_registry.model(_ids[i])));
            _comparePrice(_ids[i], address(0));
            _comparePrice(_ids[i], _token);
        }
    }

    function _comparePrice(bytes32 id, address token) private view {
        (bool listed, uint96 amount) = _replica.price(id, token);
        try _registry.price(id, token) returns (uint96 actual) {
            assertTrue(listed);
            assertEq(amount, actual);
        } catch {
            assertFalse(listed);
        }
    }
}
